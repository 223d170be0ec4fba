import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/dialog-footer";
import { Dialog } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";
import { between, CENTRE, cut, type Grip, inPixels, pulled, type Rect } from "./crop";

interface CropDialogProps {
  url: string;
  name: string;
  onClose: () => void;
  onCut: (file: File) => void;
}

const GRIPS: readonly [Grip, string][] = [
  ["nw", "top-0 left-0 cursor-nwse-resize"],
  ["n", "top-0 left-1/2 cursor-ns-resize"],
  ["ne", "top-0 left-full cursor-nesw-resize"],
  ["e", "top-1/2 left-full cursor-ew-resize"],
  ["se", "top-full left-full cursor-nwse-resize"],
  ["s", "top-full left-1/2 cursor-ns-resize"],
  ["sw", "top-full left-0 cursor-nesw-resize"],
  ["w", "top-1/2 left-0 cursor-ew-resize"],
];
const STEP = 0.02;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

interface Held {
  grip: Grip | "draw";
  from: { x: number; y: number };
  rect: Rect;
}

/** A part of a picture becomes a picture of its own. */
export function CropDialog({ url, name, onClose, onCut }: CropDialogProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const image = useRef<HTMLImageElement>(null);
  const held = useRef<Held>(null);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [rect, setRect] = useState<Rect>(CENTRE);
  const [error, setError] = useState<unknown>();

  const place = ({ clientX, clientY }: PointerEvent) => {
    const box = image.current?.getBoundingClientRect();
    return box ? { x: (clientX - box.x) / box.width, y: (clientY - box.y) / box.height } : { x: 0, y: 0 };
  };
  const hold = (event: PointerEvent<HTMLElement>) => {
    const grip = (event.target as HTMLElement).dataset["grip"] as Held["grip"] | undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { grip: grip ?? "draw", from: place(event), rect };
  };
  const pull = (event: PointerEvent) => {
    if (held.current === null) return;
    const { grip, from, rect: before } = held.current;
    const to = place(event);
    setRect(grip === "draw" ? between(from, to) : pulled(before, grip, to.x - from.x, to.y - from.y));
  };
  const nudge = (event: KeyboardEvent) => {
    const by = ARROWS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setRect(pulled(rect, event.shiftKey ? "se" : "move", ...by));
  };
  const submit = () => {
    if (image.current) cut(image.current, rect, name).then(onCut, setError);
  };
  const pixels = size && inPixels(rect, size.width, size.height);
  const percent = (fraction: number) => `${fraction * 100}%`;

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("characters.cropping.title")}
      description={t("characters.cropping.help")}
      footer={
        <DialogFooter
          submit={t("characters.cropping.submit")}
          why={size === undefined ? t("state.loading") : undefined}
          onClick={submit}
          onCancel={onClose}
        >
          <span className="timecode mr-auto text-soft">
            {pixels && t("characters.cropping.pixels", { width: pixels.width, height: pixels.height })}
          </span>
        </DialogFooter>
      }
    >
      {error !== undefined && <Notice tone="bad">{say(error)}</Notice>}
      <div className="flex justify-center rounded-lg bg-sunken p-3">
        <div
          className="relative touch-none overflow-hidden select-none"
          onPointerDown={hold}
          onPointerMove={pull}
          onPointerUp={() => (held.current = null)}
        >
          <img
            ref={image}
            src={url}
            alt={name}
            draggable={false}
            className="max-h-[58vh] max-w-full cursor-crosshair"
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
              setSize({ width: naturalWidth, height: naturalHeight })
            }
            onError={() => setError(t("characters.sheet.broken"))}
          />
          <div
            role="application"
            tabIndex={0}
            aria-label={t("characters.cropping.area")}
            data-grip="move"
            onKeyDown={nudge}
            className="absolute cursor-move border border-white shadow-[0_0_0_200vmax_rgb(0_0_0/0.55)] outline-offset-0!"
            style={{
              left: percent(rect.x),
              top: percent(rect.y),
              width: percent(rect.width),
              height: percent(rect.height),
            }}
          >
            {GRIPS.map(([grip, where]) => (
              <span
                key={grip}
                data-grip={grip}
                className={`absolute size-3 -translate-1/2 rounded-sm border border-black/60 bg-white pointer-coarse:size-6 ${where}`}
              />
            ))}
          </div>
        </div>
      </div>
    </Dialog>
  );
}
