/** What it means to put a block of texts into cells: pure, so that it can be looked at before it is sent. */
import type { ShotView } from "@/api";
import { type NewRow, type Patch, positionsBetween, type ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import type { Block, Pasted } from "./clipboard";
import type { Column, ColumnKey } from "./columns";
import type { NameKind, ProblemKey, Sent } from "./edited";
import type { Line } from "./lines";

export interface Area {
  /** First column and line. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface ShotEdit {
  id: string;
  send: Sent;
  show: Patch;
}

export interface Refused {
  /** The shot's code, or where the new row would stand. */
  row: string;
  column: Column;
  text: string;
  key: ProblemKey;
  values: Record<string, string | number>;
}

export interface UnknownName {
  kind: NameKind;
  name: string;
  /** The character whose look it is. */
  of: string | undefined;
  cells: number;
}

export interface BlockEdit {
  changes: ShotEdit[];
  create: NewRow[];
  refused: Refused[];
  unknown: UnknownName[];
  /** Cells that follow from others and so were left as they are. */
  locked: number;
  cells: number;
}

/** Cells that always hold something. */
const NEVER_EMPTY: ReadonlySet<ColumnKey> = new Set([
  "code",
  "frame_count",
  "duration",
  "workflow_type",
  "status",
]);

export const MOST_ROWS = 2000;
export const MOST_CELLS = 50_000;

/** The area a block fills: itself, or the selection when the block fits into it a whole number of times. */
export function tiled(block: Pasted, area: Area): { width: number; height: number } {
  const height = block.length;
  const width = block[0]?.length ?? 0;
  const fits = area.width % width === 0 && area.height % height === 0;
  return fits ? { width: area.width, height: area.height } : { width, height };
}

interface Table {
  rows: ShotRows;
  lines: readonly Line[];
  columns: readonly Column[];
  bible: Bible;
}

/**
 * Texts from the area's corner on. Lines that are heads of groups are passed over; `grows` makes shots below the last
 * line, in its sequence.
 */
export function editOfBlock(block: Pasted, area: Area, table: Table, grows: boolean): BlockEdit {
  const shots = table.lines.slice(area.y, area.y + area.height).filter(({ is }) => is === "shot").length;
  const { width, height } = tiled(block, { ...area, height: Math.max(1, shots) });
  const edit: BlockEdit = { changes: [], create: [], refused: [], unknown: [], locked: 0, cells: 0 };
  let line = area.y;
  for (let done = 0; done < height; done += 1) {
    while (table.lines[line]?.is === "group") line += 1;
    const at = table.lines[line];
    const shot = at?.is === "shot" ? table.rows.get(at.id) : undefined;
    if (at === undefined && !grows) break;
    const texts = block[done % block.length] ?? [];
    const row = rowEdit(
      Array.from({ length: width }, (_, x) => texts[x % texts.length]),
      table.columns.slice(area.x, area.x + width),
      table.bible,
      shot,
      edit,
    );
    if (shot && Object.keys(row.send).length > 0) edit.changes.push({ id: shot.id, ...row });
    if (!shot) edit.create.push(row);
    line += 1;
  }
  placeBelow(edit.create, table);
  return edit;
}

function rowEdit(
  texts: readonly (string | null | undefined)[],
  columns: readonly Column[],
  bible: Bible,
  shot: ShotView | undefined,
  edit: BlockEdit,
): { send: Sent; show: Patch } {
  const send: Sent = {};
  const show: Patch = {};
  for (const [x, column] of columns.entries()) {
    if (texts[x] === null) continue; // merged with the first cell: it stays what it is
    const text = texts[x] ?? "";
    const meant = column.write?.(text, bible, shot);
    if (meant === undefined) {
      edit.locked += 1;
    } else if (text.trim() === "" && (!shot || NEVER_EMPTY.has(column.key))) {
      continue; // it stays what it is; a new shot has what it has by itself
    } else if (meant.is === "change") {
      Object.assign(send, meant.send);
      Object.assign(show, meant.show);
      edit.cells += 1;
    } else if (meant.is === "problem") {
      edit.refused.push({ row: shot?.code ?? "", column, text, key: meant.key, values: meant.values });
    } else {
      noteUnknown(edit.unknown, meant);
    }
  }
  return { send, show };
}

function noteUnknown(known: UnknownName[], { kind, name, of }: Omit<UnknownName, "cells">): void {
  const same = known.find((one) => one.kind === kind && one.name === name && one.of === of);
  if (same) same.cells += 1;
  else known.push({ kind, name, of, cells: 1 });
}

/** New shots come after the last line, in its sequence unless they name another. */
function placeBelow(create: readonly NewRow[], { rows, lines }: Table): void {
  const last = lines.findLast((line) => line.is === "shot");
  const shot = last && rows.get(last.id);
  if (!shot) return;
  const ids = rows.ids;
  const next = rows.get(ids[ids.indexOf(shot.id) + 1] ?? "");
  const after = next && next.sequence_id === shot.sequence_id ? next.position : null;
  const places = positionsBetween(shot.position, after, create.length);
  for (const [index, { send: sent }] of create.entries()) {
    if ("sequence_id" in sent && sent["sequence_id"] !== shot.sequence_id) continue;
    sent["sequence_id"] = shot.sequence_id;
    const position = places?.[index];
    if (position !== undefined) sent["position"] = position;
  }
}

/** Everything a person may write in the area, emptied. Numbers and codes cannot be empty and stay. */
export function editOfClear(area: Area, table: Table): BlockEdit {
  const edit: BlockEdit = { changes: [], create: [], refused: [], unknown: [], locked: 0, cells: 0 };
  const columns = table.columns.slice(area.x, area.x + area.width).filter(({ key }) => !NEVER_EMPTY.has(key));
  for (const line of table.lines.slice(area.y, area.y + area.height)) {
    const shot = line.is === "shot" ? table.rows.get(line.id) : undefined;
    if (!shot) continue;
    const filled = columns.filter((column) => column.text(shot, table.bible, undefined) !== "");
    const row = rowEdit(
      filled.map(() => ""),
      filled,
      table.bible,
      shot,
      edit,
    );
    if (Object.keys(row.send).length > 0) edit.changes.push({ id: shot.id, ...row });
  }
  return edit;
}

/** The texts of an area, line by line; heads of groups are left out. */
export function textsOf(area: Area, { rows, lines, columns, bible }: Table): Block {
  return lines.slice(area.y, area.y + area.height).flatMap((line) => {
    const shot = line.is === "shot" ? rows.get(line.id) : undefined;
    if (!shot) return [];
    return [
      columns
        .slice(area.x, area.x + area.width)
        .map((column) => column.text(shot, bible, rows.placeOf(shot.id))),
    ];
  });
}
