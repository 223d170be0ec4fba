import type { Query, QueryKey } from "@tanstack/react-query";
import type { Noun } from "@/api/generated";

/** The first part of every query key of the generated client. */
export interface KeyHead {
  _id: string;
  path?: Record<string, unknown>;
  query?: Record<string, unknown>;
}

export function headOf(key: QueryKey): KeyHead {
  const head = key[0];
  return typeof head === "object" && head !== null && "_id" in head ? (head as KeyHead) : { _id: "" };
}

/** Where a character is used; each shot may change it. */
export const USES: readonly string[] = ["listCharacterUses", "listShotsOfCharacter"];

/** Which queries show rows of a noun. A new noun in the API is a compile error here until it has its queries. */
export const SHOWS: Record<Noun, readonly string[]> = {
  project: ["listProjects", "showProject"],
  sequence: ["listSequences", "listShots"],
  shot: ["listShots", "showShot", "listProjects", "showProject", "listShotsOfCinematicOption", ...USES],
  take: ["listTakes", "listProjectTakes", "showTake", "listNotes"],
  character: ["listCharacters", "showCharacter", ...USES],
  cinematic: ["listCinematicOptions"],
  view: ["listViews"],
  batch: ["listBatches", "showBatch"],
  job: ["listJobs", "showJob", "listFacets"],
  worker: ["listWorkers", "showWorker", "listWorkflows", "explainJob", "showOverview"],
  limit: ["listLimits", "showLimit", "explainJob"],
  share: ["listShares", "showShare", "explainJob"],
  workflow: ["listWorkflows", "showWorkflow", "showOwnWorkflow"],
  ad: ["listAds", "showAd"],
};

/** Whether a query may hold rows of this project: it names it, or names none. */
export function concerns(query: Query, project: string | null): boolean {
  const { path, query: asked } = headOf(query.queryKey);
  const named = path?.["code"] ?? asked?.["project"];
  return project === null || named === undefined || named === project;
}
