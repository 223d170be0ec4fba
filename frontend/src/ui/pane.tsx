import clsx from "clsx";
import { type PointerEvent, type ReactNode, useEffect, useRef } from "react";
import type { Viewport } from "./viewport";

interface PaneProps {
  viewport: Viewport;
  /** Width by height of what is shown: it lies in the pane as large as it fits. */
  ratio: number;
  className?: string;
  children: ReactNode;
}

/** A pane in which a picture is zoomed by the wheel and dragged. */
export function Pane({ viewport, ratio, className, children }: PaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  const { view, zoom, shift } = viewport;

  useEffect(() => {
    const element = pane.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault(); // which only a listener that is not passive may
      const box = element.getBoundingClientRect();
      const at = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
      zoom(Math.exp(-event.deltaY / 400), at);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [zoom]);

  function drag(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    if (event.currentTarget.hasPointerCapture(event.pointerId))
      shift(event.movementX / box.width, event.movementY / box.height);
  }

  return (
    <div
      ref={pane}
      onPointerDown={(event) => event.button === 0 && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      className={clsx(
        "[container-type:size] relative size-full touch-none overflow-hidden bg-black select-none",
        view.scale > 1 && "cursor-grab active:cursor-grabbing",
        className,
      )}
    >
      <div
        className="absolute inset-0 flex items-center justify-center"
        style={{
          transform: `translate(${view.x * 100}%, ${view.y * 100}%) scale(${view.scale})`,
          transformOrigin: "0 0",
        }}
      >
        <div
          className="relative shrink-0"
          style={{ width: `min(100cqw, 100cqh * ${ratio})`, aspectRatio: ratio }}
        >
          {children}
        </div>
      </div>
    </div>
  );
}
