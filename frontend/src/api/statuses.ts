import type { JobStatus, ReviewState, ShotStatus, WorkerStatus, WorkerWish } from "./generated";

/** How a status is coloured. A new status in the API is a compile error here until it has a tone. */
export type Tone = "idle" | "active" | "good" | "done" | "warn" | "bad";

export const SHOT_TONES: Record<ShotStatus, Tone> = {
  pending: "idle",
  generating: "active",
  completed: "done",
  needs_revision: "warn",
  approved: "good",
};

export const JOB_TONES: Record<JobStatus, Tone> = {
  held: "warn",
  blocked: "idle",
  queued: "idle",
  assigned: "active",
  running: "active",
  completed: "good",
  failed: "bad",
  canceled: "idle",
  quarantined: "bad",
};

export const WORKER_TONES: Record<WorkerStatus, Tone> = {
  idle: "good",
  busy: "active",
  offline: "bad",
  error: "bad",
};

export const WISH_TONES: Record<WorkerWish, Tone> = { none: "idle", paused: "warn", draining: "warn" };

export const REVIEW_TONES: Record<ReviewState, Tone> = {
  candidate: "idle",
  approved: "good",
  needs_revision: "warn",
};

const keys = <Status extends string>(record: Record<Status, unknown>): Status[] =>
  Object.keys(record) as Status[];

export const SHOT_STATUSES = keys(SHOT_TONES);
export const JOB_STATUSES = keys(JOB_TONES);
export const REVIEW_STATES = keys(REVIEW_TONES);

/** The groups of cinefarm/statuses.py. */
export const WAITING: ReadonlySet<JobStatus> = new Set<JobStatus>(["held", "blocked", "queued"]);
export const ACTIVE: ReadonlySet<JobStatus> = new Set<JobStatus>(["assigned", "running"]);
export const CANCELABLE: ReadonlySet<JobStatus> = new Set<JobStatus>([...WAITING, ...ACTIVE]);
export const RETRYABLE: ReadonlySet<JobStatus> = new Set<JobStatus>(["failed", "canceled", "quarantined"]);
