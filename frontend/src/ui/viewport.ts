import { useCallback, useMemo, useState } from "react";

/** How a picture stands in its pane: a scale, and a shift in fractions of the pane. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export const HOME: View = { scale: 1, x: 0, y: 0 };
const MOST = 16;
const STEP = 1.25;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Never past its own edges. */
const held = ({ scale, x, y }: View): View => ({
  scale,
  x: clamp(x, 1 - scale, 0),
  y: clamp(y, 1 - scale, 0),
});

/** Larger or smaller by a factor; what is at the point, in fractions of the pane, stays there. */
export function zoomed(view: View, factor: number, at = { x: 0.5, y: 0.5 }): View {
  const scale = clamp(view.scale * factor, 1, MOST);
  const ratio = scale / view.scale;
  return held({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio });
}

export const shifted = (view: View, dx: number, dy: number): View =>
  held({ ...view, x: view.x + dx, y: view.y + dy });

/** One view, for all panes that are given it. */
export function useViewport() {
  const [view, setView] = useState(HOME);
  const zoom = useCallback(
    (factor: number, at?: { x: number; y: number }) => setView((before) => zoomed(before, factor, at)),
    [],
  );
  const shift = useCallback((dx: number, dy: number) => setView((before) => shifted(before, dx, dy)), []);
  /** `+`, `-` and `0`; whether the key was one of them. */
  const onKey = useCallback(
    (key: string): boolean => {
      if (key === "+" || key === "=") zoom(STEP);
      else if (key === "-" || key === "_") zoom(1 / STEP);
      else if (key === "0") setView(HOME);
      else return false;
      return true;
    },
    [zoom],
  );
  return useMemo(() => ({ view, zoom, shift, onKey }), [view, zoom, shift, onKey]);
}

export type Viewport = ReturnType<typeof useViewport>;
