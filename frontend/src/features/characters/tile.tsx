import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { attachClosestEdge, extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import clsx from "clsx";
import { Crop, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/ui/button";

type Side = "before" | "after";

interface TileProps {
  id: string;
  url: string;
  label: string;
  cover: boolean;
  onMove: (by: number) => void;
  onDrop: (id: string, side: Side) => void;
  onCrop: () => void;
  onRemove: () => void;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** One picture of the sheet: dragged or moved with Alt and the arrows, cropped, removed. */
export function Tile({ id, url, label, cover, onMove, onDrop, onCrop, onRemove }: TileProps) {
  const { t } = useTranslation();
  const { ref, side, dragged } = useTileDrag(id, onDrop);
  const pressed = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (event.altKey && by !== undefined) {
      event.preventDefault();
      onMove(by);
    }
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") onCrop();
    if (event.key === "Delete" || event.key === "Backspace") onRemove();
  };
  return (
    <li
      ref={ref}
      className={clsx("group relative aspect-[3/4] cursor-grab", dragged && "opacity-40")}
      data-picture={id}
    >
      <div
        role="group"
        tabIndex={0}
        aria-label={label}
        onKeyDown={pressed}
        className="size-full overflow-hidden rounded-lg bg-sunken ring-1 ring-line ring-inset"
      >
        <img src={url} alt="" draggable={false} className="size-full object-cover object-top" />
        {cover && (
          <span className="absolute top-1.5 left-1.5 rounded bg-black/65 px-1.5 text-2xs font-medium text-white">
            {t("characters.sheet.cover")}
          </span>
        )}
        <div className="absolute inset-x-1.5 bottom-1.5 flex justify-end gap-1 opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          <IconButton size="sm" look="plain" label={t("characters.sheet.crop")} onClick={onCrop}>
            <Crop />
          </IconButton>
          <IconButton size="sm" look="plain" label={t("characters.sheet.remove")} onClick={onRemove}>
            <Trash2 />
          </IconButton>
        </div>
      </div>
      {side && (
        <span
          aria-hidden
          className={clsx(
            "absolute inset-y-0 w-0.5 rounded bg-accent",
            side === "before" ? "-left-1.5" : "-right-1.5",
          )}
        />
      )}
    </li>
  );
}

function useTileDrag(id: string, onDrop: TileProps["onDrop"]) {
  const ref = useRef<HTMLLIElement>(null);
  const [side, setSide] = useState<Side>();
  const [dragged, setDragged] = useState(false);
  const drop = useEffectEvent(onDrop);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const sideOf = (data: Record<string | symbol, unknown>): Side =>
      extractClosestEdge(data) === "left" ? "before" : "after";
    return combine(
      draggable({
        element,
        getInitialData: () => ({ picture: id }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => "picture" in source.data && source.data["picture"] !== id,
        getData: ({ input }) => attachClosestEdge({}, { element, input, allowedEdges: ["left", "right"] }),
        onDrag: ({ self }) => setSide(sideOf(self.data)),
        onDragLeave: () => setSide(undefined),
        onDrop: ({ self, source }) => {
          setSide(undefined);
          drop(String(source.data["picture"]), sideOf(self.data));
        },
      }),
    );
  }, [id]);
  return { ref, side, dragged };
}
