import type { AdView } from "@/api";
import type { Tone } from "@/api/statuses";

/** A new status in the API is a compile error here until it has a tone. */
export const AD_TONES: Record<AdView["status"], Tone> = {
  processing: "active",
  completed: "good",
  failed: "bad",
  stopped: "idle",
};
