import type { JobView } from "@/api";
import type { Group } from "./select";
import type { Selection } from "./selection";

/** What both the list and the board show. */
export interface ShotsShown {
  groups: readonly Group[];
  jobs: ReadonlyMap<string, JobView>;
  selection: Selection;
  aspect: string;
  onOpen: (code: string) => void;
}
