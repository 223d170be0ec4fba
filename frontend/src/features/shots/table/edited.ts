import type { ShotView } from "@/api";

/** What the master is sent. */
export type Sent = Record<string, unknown>;

export const PROBLEMS = [
  "tooLong",
  "noFrames",
  "noSeconds",
  "frames",
  "code",
  "locked",
  "rating",
  "tagTooLong",
  "tooManyTags",
  "status",
  "farmStatus",
  "noTake",
] as const;
export type ProblemKey = (typeof PROBLEMS)[number];

/** A name that the project does not have yet. */
export type NameKind = "sequence" | "character" | "look" | "option" | "workflow";

/** What a text means for a cell: a change, nothing that it can be, or a name that is not known. */
export type Edited =
  | { is: "change"; send: Sent; show: Partial<ShotView> }
  | { is: "problem"; key: ProblemKey; values: Record<string, string | number> }
  | { is: "unknown"; kind: NameKind; name: string; of: string | undefined };

/** `show` is what the eye sees until the master answers; without it the same fields. */
export const changed = (send: Sent, show: Partial<ShotView> = send): Edited => ({
  is: "change",
  send,
  show,
});

export const problem = (key: ProblemKey, values: Record<string, string | number>): Edited => ({
  is: "problem",
  key,
  values,
});

export const unknown = (kind: NameKind, name: string, of?: string): Edited => ({
  is: "unknown",
  kind,
  name,
  of,
});
