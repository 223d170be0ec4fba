import type { ShotView } from "@/api";
import { randomKey } from "@/lib/random-key";
import type { NewRow } from "./gesture";
import type { ShotRows } from "./shot-rows";

/** No id of the master, yet of the same shape: it may be told to others before it is known. */
export const newId = (): string => `new${randomKey().slice(0, 22)}`;

/** A row that the master has not answered yet, as it will most likely be. `nth` of those made at once. */
export function madeRow(id: string, { send, show }: NewRow, rows: ShotRows, nth: number): ShotView {
  const now = new Date().toISOString();
  const blank: ShotView = {
    ...{ id, code: "", rev: 0, project: "", sequence: "", sequence_id: null, position: 0, number: 0 },
    ...{ scene_description: "", action: "", notes: "", characters: [], rating: 0, tags: [] },
    ...{ cinematic_option: "", cinematic_option_id: null, workflow_type: "storyboard" },
    ...{ prompt_override: null, prompt_overridden: false, negative_prompt: "", reference_images: [] },
    ...{ generated_prompt: "", effective_prompt: "", frame_count: 48, duration_seconds: 0 },
    ...{ timecode_in: "", timecode_out: "", status: "pending", stale: false, stale_reason: "" },
    ...{ take_count: 0, latest_take_id: null, confirmed_take_id: null },
    ...{ generated_image: null, render_path: null, thumbnail_url: null },
    ...{ created_at: now, updated_at: now, deleted_at: null },
  };
  const row = { ...blank, ...(show ?? (send as Partial<ShotView>)) };
  const sequence_id = (send["sequence_id"] as string | null | undefined) ?? row.sequence_id;
  const { num, den } = rows.clock.rate;
  return {
    ...row,
    sequence_id,
    sequence: rows.sequenceCode(sequence_id),
    position: (send["position"] as number | undefined) ?? rows.lastPosition(sequence_id) + 1 + nth,
    duration_seconds: (row.frame_count * den) / num,
  };
}
