import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TakeView } from "@/api";
import { Tile } from "./tile";

interface TakeWallProps {
  takes: readonly TakeView[];
  picked: ReadonlySet<string>;
  /** Width by height of the project's pictures. */
  ratio: number;
  onPick: (id: string) => void;
  onOpen: (id: string) => void;
  onCompare: () => void;
  /** The end of what is known came into view. */
  onEnd: () => void;
}

const LEAST_WIDTH = 210;
const GAP = 10;
const FOOT = 40; // two lines of words and the edges

/** All takes as a wall of pictures; only what is in view is drawn. Arrow keys go from one to the next. */
export function TakeWall({ takes, picked, ratio, onPick, onOpen, onCompare, onEnd }: TakeWallProps) {
  const { t } = useTranslation();
  const wall = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState(0);
  const moving = useRef(false);
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_WIDTH + GAP)));
  const height = Math.round((width - GAP * (columns - 1)) / columns / ratio) + FOOT;
  const lines = Math.ceil(takes.length / columns);
  const current = Math.min(at, Math.max(0, takes.length - 1));
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer is read while drawing
  const rows = useVirtualizer({
    count: width === 0 ? 0 : lines,
    getScrollElement: () => wall.current,
    estimateSize: () => height,
    gap: GAP,
    overscan: 2,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;

  useEffect(() => rows.measure(), [rows, height]);
  useEffect(() => {
    const element = wall.current;
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (lines > 0 && last >= lines - 3) onEnd();
  }, [last, lines, onEnd]);
  useEffect(() => {
    if (!moving.current) return;
    moving.current = false;
    wall.current?.querySelector<HTMLElement>(`[data-at="${current}"]`)?.focus();
  });

  function go(to: number) {
    const next = Math.min(takes.length - 1, Math.max(0, to));
    moving.current = true;
    rows.scrollToIndex(Math.floor(next / columns));
    setAt(next);
  }
  function onKeyDown(event: KeyboardEvent) {
    const take = takes[current];
    const page = columns * Math.max(1, Math.floor((wall.current?.clientHeight ?? 0) / (height + GAP)));
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
      Home: -takes.length,
      End: takes.length,
    };
    const step = steps[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step !== undefined) go(current + step);
    else if (event.key === " " && take) onPick(take.id);
    else if (event.key === "c" || event.key === "ㅊ") onCompare();
    else return;
    event.preventDefault();
  }

  return (
    <div ref={wall} className="size-full overflow-y-auto p-4 lg:px-6">
      <div
        role="grid"
        aria-label={t("gallery.grid")}
        aria-rowcount={lines}
        aria-colcount={columns}
        aria-multiselectable
        onKeyDown={onKeyDown}
        className="relative w-full"
        style={{ height: rows.getTotalSize() }}
      >
        {shown.map((line) => (
          <div
            key={line.key}
            role="row"
            aria-rowindex={line.index + 1}
            className="absolute inset-x-0 grid"
            style={{
              transform: `translateY(${line.start}px)`,
              height,
              gap: GAP,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {takes.slice(line.index * columns, (line.index + 1) * columns).map((take, place) => {
              const index = line.index * columns + place;
              return (
                <Tile
                  key={take.id}
                  take={take}
                  at={index}
                  current={index === current}
                  picked={picked.has(take.id)}
                  onFocus={() => setAt(index)}
                  onPick={() => onPick(take.id)}
                  onOpen={() => onOpen(take.id)}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
