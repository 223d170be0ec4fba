import type { DataEditorRef, Item, Rectangle } from "@glideapps/glide-data-grid";
import { clearCache } from "canvas-hypertxt";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { ShotView } from "@/api";
import { onProgress } from "@/api/live/progress";
import { shotCells } from "./draw";
import type { ShotGridProps } from "./grid-props";
import type { Line } from "./lines";
import { Pictures } from "./pictures";

/** The line in which the grid draws the names of the columns. */
const HEAD = -1;

interface Wanted extends Pick<ShotGridProps, "rows" | "lines" | "columns" | "jobs"> {
  editor: RefObject<DataEditorRef | null>;
}

/**
 * Redraws what changed and is seen: rows, progress of their jobs, pictures that arrive. Returns how cells are drawn, and who
 * is to be told what is seen.
 */
export function useRedraw({ rows, lines, columns, jobs, editor }: Wanted) {
  const width = columns.length;
  const visible = useRef<Rectangle>({ x: 0, y: 0, width: 1, height: 1 });
  const redraw = useCallback(
    (needs: (line: Line, shot: ShotView | undefined) => boolean) => {
      const { y, height } = visible.current;
      const cells: { cell: Item }[] = [];
      for (let line = y; line < Math.min(lines.length, y + height + 1); line += 1) {
        const at = lines[line];
        if (at && needs(at, at.is === "shot" ? rows.get(at.id) : undefined))
          for (let column = 0; column < width; column += 1) cells.push({ cell: [column, line] });
      }
      if (cells.length > 0) editor.current?.updateCells(cells);
    },
    [rows, lines, width, editor],
  );
  const latestRedraw = useRef(redraw);
  useEffect(() => {
    latestRedraw.current = redraw;
  }, [redraw]);

  const [renderers] = useState(() => {
    let frame = 0;
    const pictures = new Pictures(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        latestRedraw.current((line) => line.is === "shot");
      });
    });
    return [shotCells(pictures)];
  });

  useEffect(
    () =>
      rows.subscribe(({ ids }) =>
        redraw((line) => line.is === "shot" && (ids === "all" || ids.has(line.id))),
      ),
    [rows, redraw],
  );
  useEffect(
    () => onProgress((jobId) => redraw((_, shot) => shot !== undefined && jobs.get(shot.id)?.id === jobId)),
    [jobs, redraw],
  );
  // parts of the font that come only now: what was drawn before stands there as empty boxes
  useEffect(() => {
    const drawAnew = () => {
      clearCache(); // where lines broke was measured with another font
      redraw(() => true);
      editor.current?.updateCells(Array.from({ length: width }, (_, column) => ({ cell: [column, HEAD] })));
    };
    document.fonts.addEventListener("loadingdone", drawAnew);
    return () => document.fonts.removeEventListener("loadingdone", drawAnew);
  }, [redraw, editor, width]);

  const see = useCallback((range: Rectangle) => {
    visible.current = range;
  }, []);
  return { renderers, see };
}
