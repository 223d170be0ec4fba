import { positionsBetween, type ShotRows } from "@/features/shots/rows";
import type { ShotEdit } from "./block-edit";
import type { Line } from "./lines";

/** What moves shots so that they stand before the line `to` of those that stay; they go into its neighbour's sequence. */
export function editOfMove(
  ids: readonly string[],
  to: number,
  lines: readonly Line[],
  rows: ShotRows,
): ShotEdit[] {
  const moved = new Set(ids);
  const stays = lines.filter((line) => line.is === "group" || !moved.has(line.id));
  const shotOf = (line: Line | undefined) => (line?.is === "shot" ? rows.get(line.id) : undefined);
  const at = Math.max(0, Math.min(stays.length, to));
  const before = shotOf(stays[at - 1]);
  const after = shotOf(stays[at]);
  const near = before ?? after;
  if (!near) return [];
  const sequence = near.sequence_id;
  const start = before?.sequence_id === sequence ? before.position : null;
  const end = after?.sequence_id === sequence ? after.position : null;
  const positions = positionsBetween(start, end, ids.length);
  if (positions === undefined) return spread(ids, before?.id, sequence, near.sequence, rows);
  return ids.map((id, index) => placed(id, sequence, near.sequence, positions[index] ?? 0));
}

/** No room is left between two: the whole sequence is counted anew. */
function spread(
  ids: readonly string[],
  before: string | undefined,
  sequence: string | null,
  code: string,
  rows: ShotRows,
): ShotEdit[] {
  const moved = new Set(ids);
  const order = rows.ids.filter((id) => !moved.has(id) && rows.get(id)?.sequence_id === sequence);
  order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, ...ids);
  return order.map((id, index) => placed(id, sequence, code, index + 1));
}

function placed(id: string, sequence_id: string | null, sequence: string, position: number): ShotEdit {
  return { id, send: { sequence_id, position }, show: { sequence_id, sequence, position } };
}

/** Where the line `to` lies among those that stay, when `from` is dropped on it. */
export function dropPlace(from: number, to: number, ids: readonly string[], lines: readonly Line[]): number {
  const moved = new Set(ids);
  const upTo = to > from ? to + 1 : to;
  return lines.slice(0, upTo).filter((line) => line.is === "group" || !moved.has(line.id)).length;
}

/** One line up or down, past the neighbour (over the head of a group: into the next sequence). */
export function stepPlace(by: -1 | 1, ids: readonly string[], lines: readonly Line[]): number | undefined {
  const moved = new Set(ids);
  const places = lines.flatMap((line, index) => (line.is === "shot" && moved.has(line.id) ? [index] : []));
  const [first] = places;
  const last = places.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (by < 0) return first === 0 || (first === 1 && lines[0]?.is === "group") ? undefined : first - 1;
  return last + 1 >= lines.length ? undefined : last + 2 - places.length;
}
