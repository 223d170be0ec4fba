import type { RefObject } from "react";
import { areasOf, cellSelection, NOTHING } from "./selection";
import type { GridAct, ShotGridProps } from "./grid-props";
import type { CellEditing } from "./use-cell-editing";

interface Wanted extends ShotGridProps {
  wrap: RefObject<HTMLDivElement | null>;
  editing: CellEditing;
}

/** What the keys do. Those that only move are the grid's own: they are handed on to its canvas. */
export function useGridKeys({
  wrap,
  editing,
  selection,
  columns,
  lines,
  onAct,
  onOpen,
  onFold,
  onSelection,
}: Wanted) {
  const whileEditing = (event: KeyboardEvent): void => {
    const step = { Enter: [0, event.shiftKey ? -1 : 1], Tab: [event.shiftKey ? -1 : 1, 0] } as const;
    if (event.key === "Enter" && event.altKey) return; // a line break
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      editing.commit([0, 0], true);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      editing.commit(step[event.key]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      editing.cancel();
    } else if (editing.suggestions.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      editing.choose(event.key === "ArrowDown" ? 1 : -1);
    }
  };

  const actOf = (event: KeyboardEvent): GridAct | undefined => {
    const control = event.ctrlKey || event.metaKey;
    const areas = areasOf(selection, columns.length, lines.length);
    const area = areas[0];
    const key = event.key.toLowerCase();
    if (control && key === "z") return { is: event.shiftKey ? "redo" : "undo" };
    if (control && key === "y") return { is: "redo" };
    if (control && key === "f") return { is: "find" };
    if (control && event.key === "Enter") return { is: "insert" };
    if (control && event.shiftKey && key === "d") return { is: "duplicate" };
    if (control && (key === "d" || key === "r") && area)
      return { is: "fill", area, to: key === "d" ? "down" : "right" };
    if (event.altKey && event.code === "KeyG") return { is: "generate" };
    if (event.altKey && event.key === "ArrowUp") return { is: "move", by: -1 };
    if (event.altKey && event.key === "ArrowDown") return { is: "move", by: 1 };
    if (event.key === "Delete" || event.key === "Backspace")
      return control || (selection.rows.length > 0 && event.key === "Delete")
        ? { is: "remove" }
        : { is: "clear", areas };
    return undefined;
  };

  /** A digit on stars sets them, in every marked line. */
  const starsOf = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): GridAct | undefined => {
    const { cell: [x] = [-1], range } = selection.current ?? {};
    if (!range || columns[x]?.kind !== "rating" || ctrlKey || metaKey || altKey) return undefined;
    return /^[0-5]$/.test(key)
      ? { is: "put", block: [[key]], area: { ...range, x, width: 1 }, name: "type" }
      : undefined;
  };

  return (event: KeyboardEvent): void => {
    if (editing.open) return whileEditing(event);
    const act = actOf(event) ?? starsOf(event);
    const cell = selection.current?.cell;
    const line = cell && lines[cell[1]];
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      onAct(act);
    } else if (cell && line?.is === "group" && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      onFold(line.value);
    } else if (cell && (event.key === "Enter" || event.key === "F2")) {
      event.preventDefault();
      editing.begin(cell);
    } else if (line?.is === "shot" && event.key === " " && !event.shiftKey && !event.ctrlKey) {
      event.preventDefault();
      onOpen(line.id);
    } else if (event.key === "Escape") {
      onSelection(NOTHING);
    } else if (!cell && event.key.startsWith("Arrow")) {
      event.preventDefault();
      const first = lines.findIndex(({ is }) => is === "shot");
      if (first >= 0) onSelection(cellSelection(0, first));
    } else if (event.key === "Tab" && !cell) {
      return; // nothing is selected: on to what comes after the table
    } else if (event.key.length > 1 || event.ctrlKey || event.metaKey) {
      handOn(event, wrap.current);
    }
  };
}

/** The canvas would have had the key, had it the focus. */
function handOn(event: KeyboardEvent, wrap: HTMLElement | null): void {
  const { key, code, keyCode, ctrlKey, metaKey, shiftKey, altKey } = event;
  const copy = { key, code, keyCode, ctrlKey, metaKey, shiftKey, altKey, bubbles: true, cancelable: true };
  const canvas = wrap?.querySelector('canvas[data-testid="data-grid-canvas"]');
  if (canvas && !canvas.dispatchEvent(new KeyboardEvent("keydown", copy))) event.preventDefault();
}
