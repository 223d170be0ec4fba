import type { LiveMessage } from "@/api/generated";

/** Where a reader stands in the count of messages; null before the first hello. */
export type Seq = number | null;

export interface Step {
  seq: number;
  /** Something was missed (or nothing was known before): read everything again. */
  reread: boolean;
  /** An old message, already counted. */
  skip: boolean;
}

/** Takes one message into account. `hello` starts the count; afterwards each message is one more than the last. */
export function step(last: Seq, message: LiveMessage): Step {
  if (message.body.kind === "hello") return { seq: message.seq, reread: true, skip: true };
  if (last !== null && message.seq <= last) return { seq: last, reread: false, skip: true };
  return { seq: message.seq, reread: last === null || message.seq !== last + 1, skip: false };
}
