import type { PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { TakeView } from "@/api";
import { Pane } from "@/ui/pane";
import { ratioOf, TakeMedia } from "@/ui/take-media";
import type { Viewport } from "@/ui/viewport";
import type { Mode } from "./modes";
import type { Reel } from "./reel";

interface LayersProps {
  mode: Exclude<Mode, "side">;
  below: TakeView;
  above: TakeView;
  amount: number;
  onAmount: (amount: number) => void;
  viewport: Viewport;
  reel: Reel;
}

/** Two takes one over the other. */
export function Layers({ mode, below, above, amount, onAmount, viewport, reel }: LayersProps) {
  const style = {
    wipe: { clipPath: `inset(0 0 0 ${amount * 100}%)` },
    onion: { opacity: amount },
    difference: { mixBlendMode: "difference" as const },
  }[mode];
  return (
    <div className="relative size-full">
      <Pane viewport={viewport} ratio={ratioOf(below)}>
        <div
          className="absolute inset-0 isolate"
          style={mode === "difference" ? { filter: `brightness(${amount})` } : undefined}
        >
          <TakeMedia take={below} video={reel.put(below.id)} />
          <div className="absolute inset-0" style={style}>
            <TakeMedia take={above} video={reel.put(above.id)} />
          </div>
        </div>
        {mode === "wipe" && (
          <Edge at={amount} scale={viewport.view.scale} onMove={onAmount} below={below} above={above} />
        )}
      </Pane>
    </div>
  );
}

interface EdgeProps {
  at: number;
  scale: number;
  onMove: (at: number) => void;
  below: TakeView;
  above: TakeView;
}

/** The line between the two, to drag; it keeps its width however close one looks. */
function Edge({ at, scale, onMove, below, above }: EdgeProps) {
  const { t } = useTranslation();
  function drag(event: PointerEvent<HTMLDivElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (box) onMove(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t("compare.edge")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={t("compare.edgeAt", {
        percent: Math.round(at * 100),
        left: below.label,
        right: above.label,
      })}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      className="group absolute inset-y-0 w-8 -translate-x-1/2 cursor-ew-resize touch-none outline-none"
      style={{ left: `${at * 100}%`, scale: `${1 / scale} 1` }}
    >
      <div className="mx-auto h-full w-px bg-white/90 shadow-[0_0_3px_rgb(0_0_0/0.8)]" />
      <div className="absolute top-1/2 left-1/2 flex size-7 -translate-1/2 items-center justify-center rounded-full border border-white/80 bg-black/60 text-[0.625rem] text-white group-focus-visible:ring-2 group-focus-visible:ring-accent">
        ◂▸
      </div>
    </div>
  );
}
