import { CompactSelection, type GridSelection } from "@glideapps/glide-data-grid";
import type { Area } from "./block-edit";
import type { Line } from "./lines";

export const NOTHING: GridSelection = { columns: CompactSelection.empty(), rows: CompactSelection.empty() };

export const cellSelection = (column: number, line: number): GridSelection => ({
  ...NOTHING,
  current: {
    cell: [column, line],
    range: { x: column, y: line, width: 1, height: 1 },
    rangeStack: [],
  },
});

/** The cells that copy, clear, fill and paste work on: marked lines with all columns, marked columns, or the range. */
export function areasOf(selection: GridSelection, columns: number, lines: number): Area[] {
  if (selection.rows.length > 0)
    return selection.rows.items.map(([from, to]) => ({ x: 0, y: from, width: columns, height: to - from }));
  if (selection.columns.length > 0)
    return selection.columns.items.map(([from, to]) => ({ x: from, y: 0, width: to - from, height: lines }));
  return selection.current ? [selection.current.range] : [];
}

/** The shots that are marked, else those that the range touches; a group's head stands for all of its shots. */
export function shotsIn(selection: GridSelection, lines: readonly Line[]): string[] {
  const ids = new Set<string>();
  const take = (index: number) => {
    const line = lines[index];
    if (line?.is === "shot") ids.add(line.id);
    else if (line?.is === "group")
      for (let next = index + 1; lines[next]?.is === "shot"; next += 1) take(next);
  };
  if (selection.rows.length > 0) for (const index of selection.rows) take(index);
  else if (selection.current) {
    const { y, height } = selection.current.range;
    for (let index = y; index < y + height; index += 1) if (lines[index]?.is === "shot") take(index);
  }
  return [...ids];
}

/** The selection where the shots stand now that they were moved: marked lines, or the range over them. */
export function following(
  selection: GridSelection,
  ids: readonly string[],
  lines: readonly Line[],
): GridSelection {
  const wanted = new Set(ids);
  const places = lines.flatMap((line, index) => (line.is === "shot" && wanted.has(line.id) ? [index] : []));
  const [first] = places;
  if (first === undefined) return selection;
  if (selection.rows.length > 0) return { ...selection, rows: CompactSelection.fromArray(places) };
  const { current } = selection;
  if (!current) return selection;
  const range = { ...current.range, y: first, height: places.length };
  return { ...selection, current: { ...current, cell: [current.cell[0], first], range } };
}
