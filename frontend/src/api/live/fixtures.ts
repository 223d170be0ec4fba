/** Rows as the master sends them, for tests. */
import type { JobView, LiveMessage, ShotView } from "@/api/generated";

export const shot = (changed: Partial<ShotView> = {}): ShotView => ({
  id: "S1",
  code: "SHT-00001",
  rev: 1,
  project: "P",
  sequence: "SQ010",
  sequence_id: null,
  position: 1,
  scene_description: "",
  action: "",
  cinematic_option: "",
  cinematic_option_id: null,
  prompt_override: null,
  negative_prompt: "",
  reference_images: [],
  frame_count: 48,
  workflow_type: "storyboard",
  notes: "",
  status: "pending",
  generated_prompt: "",
  effective_prompt: "",
  prompt_overridden: false,
  duration_seconds: 2,
  timecode_in: "01:00:00:00",
  timecode_out: "01:00:02:00",
  number: 1,
  characters: [],
  take_count: 0,
  latest_take_id: null,
  confirmed_take_id: null,
  stale: false,
  stale_reason: "",
  generated_image: null,
  render_path: null,
  thumbnail_url: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  deleted_at: null,
  ...changed,
});

export const job = (changed: Partial<JobView> = {}): JobView => ({
  id: "J1",
  rev: 1,
  batch_id: "B1",
  project: "P",
  shot_id: "S1",
  shot_code: "SHT-00001",
  name: "SHT-00001 Storyboard panel",
  user: "local",
  workflow: "text_to_image/storyboard",
  status: "queued",
  priority: 50,
  attempt: 0,
  progress: 0,
  message: "",
  failure_kind: null,
  worker: null,
  device_id: null,
  created_at: "2026-01-01T00:00:00Z",
  started_at: null,
  finished_at: null,
  ...changed,
});

export const message = (
  seq: number,
  body: LiveMessage["body"] = { kind: "progress", rows: [] },
): LiveMessage => ({
  seq,
  body,
});

export const hello = (
  changed: Partial<Extract<LiveMessage["body"], { kind: "hello" }>> = {},
): LiveMessage["body"] => ({ kind: "hello", epoch: "run", reset: true, ...changed });
