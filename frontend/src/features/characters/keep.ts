/** Writing to a row that others write to as well: texts are asked about, lists are merged. */
import { staleRow } from "@/api/errors";

interface Row {
  rev: number;
}

export interface Writer<R extends Row, Patch> {
  /** The row as it is known here. */
  latest: () => R;
  send: (patch: Patch & { rev: number }) => Promise<R>;
  put: (row: R) => void;
}

const TRIES = 5;

/**
 * Writes what `change` makes of the row as it is now; when somebody was faster it is made of their row anew.
 * A `change` that returns undefined writes nothing.
 */
export async function write<R extends Row, Patch extends object>(
  writer: Writer<R, Patch>,
  change: (now: R) => Patch | undefined,
): Promise<R> {
  for (let left = TRIES; ; left -= 1) {
    const now = writer.latest();
    const patch = change(now);
    if (patch === undefined) return now;
    try {
      const written = await writer.send({ ...patch, rev: now.rev });
      writer.put(written);
      return written;
    } catch (error) {
      const current = staleRow<R>(error);
      if (current === undefined || left === 0) throw error;
      writer.put(current);
    }
  }
}

/** Whether two people wrote different texts into one field: `base` is what was there when typing began. */
export const clashes = (base: string, typed: string, now: string): boolean =>
  now !== base && now !== typed.trim();

/** One act after another: the second is made of what the first left. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(act: () => Promise<T>): Promise<T> {
    const next = this.last.then(act, act);
    this.last = next;
    return next;
  }
}
