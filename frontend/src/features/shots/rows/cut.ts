/** The cut: in which order shots stand and at which frame each begins; as `load_cut` of master/shots/bible.py has it. */
import type { ProjectView, SequenceView, ShotView } from "@/api";
import { formatTimecode, type FrameRate, nominal } from "@/lib/timecode";

type Placed = Pick<ShotView, "id" | "sequence_id" | "position">;

/** By sequence, position, id; shots in no sequence, or in one that is gone, come last. */
export function inCutOrder(sequences: readonly SequenceView[]): (a: Placed, b: Placed) => number {
  const ordered = [...sequences].sort((a, b) => a.position - b.position || byId(a, b));
  const places = new Map(ordered.map(({ id }, place) => [id, place]));
  const placeOf = ({ sequence_id: id }: Placed): number => places.get(id ?? "") ?? places.size;
  return (a, b) => placeOf(a) - placeOf(b) || a.position - b.position || byId(a, b);
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const MIN_GAP = 1e-9;

/** `count` positions between two, each a fraction further; undefined when there is no room. null is the open end. */
export function positionsBetween(
  before: number | null,
  after: number | null,
  count: number,
): number[] | undefined {
  const first = before ?? (after === null ? 0 : after - count - 1);
  const last = after ?? first + count + 1;
  const step = (last - first) / (count + 1);
  if (step < MIN_GAP) return undefined;
  return Array.from({ length: count }, (_, index) => first + step * (index + 1));
}

/** How a project counts: its rate, drop-frame or not, and the frame at which the cut begins. */
export interface Clock {
  rate: FrameRate;
  drop: boolean;
  start: number;
}

export function clockOf({ fps_num, fps_den, start_timecode }: ProjectView): Clock {
  const rate = { num: fps_num, den: fps_den };
  const drop = start_timecode.includes(";");
  return { rate, drop, start: framesOf(start_timecode, rate, drop) };
}

/** The frames since 00:00:00:00 of a timecode as the master writes it. */
function framesOf(timecode: string, rate: FrameRate, drop: boolean): number {
  const [hours = 0, minutes = 0, seconds = 0, frames = 0] = timecode.split(/[:;]/).map(Number);
  const allMinutes = hours * 60 + minutes;
  const dropped = drop ? (nominal(rate) / 15) * (allMinutes - Math.floor(allMinutes / 10)) : 0;
  return (allMinutes * 60 + seconds) * nominal(rate) + frames - dropped;
}

export const timecodeAt = (frame: number, { rate, drop }: Clock): string => formatTimecode(frame, rate, drop);
