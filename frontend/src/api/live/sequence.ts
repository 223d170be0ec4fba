import type { LiveMessage } from "@/api/generated";

/** Where a reader stands: the run of the master and the number of the last message; null before the first hello. */
export type Seq = { epoch: string; seq: number } | null;

export interface Step {
  at: Seq;
  /** Something was missed (or nothing was known before): read everything again. */
  reread: boolean;
  /** An old message, already counted, or one that says nothing. */
  skip: boolean;
}

/**
 * Takes one message into account. `hello` starts the count, or goes on with it; afterwards each message is one more
 * than the last.
 */
export function step(last: Seq, { seq, body }: LiveMessage): Step {
  if (body.kind === "hello") return { at: { epoch: body.epoch, seq }, reread: body.reset, skip: true };
  // nobody needs these again who missed one: they repeat the number before them
  if (body.kind === "presence" || body.kind === "metrics") return { at: last, reread: false, skip: false };
  if (last === null) return { at: null, reread: true, skip: false };
  if (seq <= last.seq) return { at: last, reread: false, skip: true };
  return { at: { ...last, seq }, reread: seq !== last.seq + 1, skip: body.kind === "passed" };
}

/** The address with which one that was cut off goes on where it stood. */
export function resumed(url: string, last: Seq): string {
  return last === null ? url : `${url}${url.includes("?") ? "&" : "?"}after=${last.epoch}:${last.seq}`;
}
