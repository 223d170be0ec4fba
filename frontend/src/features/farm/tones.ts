import type { DeviceStanding, Ended, WaitReason, Warmth } from "@/api";
import type { Tone } from "@/api/statuses";

export type Outcome = keyof Ended;

/** Records, so that a new one in the API is a compile error here. */
export const OUTCOME_TONES: Record<Outcome, Tone> = {
  completed: "good",
  failed: "bad",
  lost: "warn",
  canceled: "idle",
};

export const STANDING_TONES: Record<DeviceStanding, Tone> = {
  busy: "active",
  idle: "good",
  paused: "warn",
  draining: "warn",
  off_schedule: "idle",
  sick: "bad",
  offline: "bad",
};

export const WARMTH_TONES: Record<Warmth, Tone> = {
  resident: "good",
  staged: "done",
  stored: "warn",
  absent: "bad",
};

/** Those that time alone will not end are for a person to see to. */
export const REASON_TONES: Record<WaitReason, Tone> = {
  unfit: "bad",
  excluded: "bad",
  closed: "warn",
  quota: "warn",
  limit: "idle",
  share: "idle",
  busy: "active",
  turn: "active",
};
