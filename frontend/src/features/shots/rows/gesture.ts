import type { ShotView } from "@/api";

export type EditName =
  "type" | "paste" | "fill" | "cut" | "clear" | "delete" | "insert" | "move" | "bulk" | "duplicate";

/** A row that is to be made: what the master is sent, and what the eye sees until it answers. */
export interface NewRow {
  send: Record<string, unknown>;
  show?: Partial<ShotView>;
}

/** One gesture: however many cells it changes, it is one request and one undo. */
export interface Gesture {
  name: EditName;
  changes: readonly { id: string; send: Record<string, unknown>; show: Partial<ShotView> }[];
  create?: readonly NewRow[];
  /** Under which ids the new rows are seen until the master gives them theirs. */
  made?: readonly string[];
  remove?: readonly string[];
  restore?: readonly string[];
}

/** The gesture about the rows as they are called now; what is about a row that never came (null) is left out. */
export function withIds(gesture: Gesture, ids: ReadonlyMap<string, string | null>): Gesture {
  const now = (id: string): string[] => {
    const known = ids.get(id);
    return known === undefined ? [id] : known === null ? [] : [known];
  };
  return {
    ...gesture,
    changes: gesture.changes.flatMap((change) => now(change.id).map((id) => ({ ...change, id }))),
    remove: (gesture.remove ?? []).flatMap(now),
    restore: (gesture.restore ?? []).flatMap(now),
  };
}

export const isNothing = ({ changes, create = [], remove = [], restore = [] }: Gesture): boolean =>
  changes.length + create.length + remove.length + restore.length === 0;
