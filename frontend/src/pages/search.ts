/** What stands in the address: filters, views and the opened row, so that a link shows the same to everyone. */
import type { JobStatus, ReviewState } from "@/api";
import { JOB_STATUSES, REVIEW_STATES } from "@/api/statuses";
import { COLUMN_KEYS, type ColumnKey } from "@/features/shots/table/columns";
import { type Filter, readFilters, readSorts, type Sort } from "@/features/shots/table/view";

export interface ProjectSearch {
  /** Without it the table. */
  view?: "board" | "list";
  q?: string;
  shot?: string;
  filters?: Filter[];
  sorts?: Sort[];
  group?: ColumnKey | null;
  /** The take that is looked at, and those that are compared: ids with commas between them. */
  take?: string;
  compare?: string;
}

export interface GallerySearch {
  order?: "shot";
  review?: ReviewState;
  confirmed?: boolean;
  stale?: boolean;
  shot?: string;
  sequence?: string;
  workflow?: string;
  media?: "image" | "video";
  take?: string;
  compare?: string;
}

export interface CharactersSearch {
  character?: string;
}

export interface JobsSearch {
  status?: JobStatus;
  project?: string;
  batch?: string;
  user?: string;
  workflow?: string;
  worker?: string;
  /** Without it newest first. */
  by?: "queue";
  job?: string;
}

export const PERIODS = ["hour", "day", "week"] as const;

export interface FarmSearch {
  /** Without it an hour. */
  period?: "day" | "week";
}

export interface WorkersSearch {
  /** Without it cards. */
  layout?: "table";
  /** Id of the one that is managed. */
  worker?: string;
}

export interface CinematicSearch {
  /** The option that is edited, by its id. */
  option?: string;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);
const one = <Value extends string>(value: unknown, of: readonly Value[]): Value | undefined =>
  of.find((known) => known === value);

const yesOrNo = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

const some = <One>(list: One[]): One[] | undefined => (list.length > 0 ? list : undefined);

export function readProjectSearch(search: Record<string, unknown>): ProjectSearch {
  return defined({
    view: one(search["view"], ["board", "list"]),
    q: text(search["q"]),
    shot: text(search["shot"]),
    filters: some(readFilters(search["filters"])),
    sorts: some(readSorts(search["sorts"])),
    group: search["group"] === null ? null : one(search["group"], COLUMN_KEYS),
    take: text(search["take"]),
    compare: text(search["compare"]),
  });
}

export function readGallerySearch(search: Record<string, unknown>): GallerySearch {
  return defined({
    order: one(search["order"], ["shot"]),
    review: one(search["review"], REVIEW_STATES),
    confirmed: yesOrNo(search["confirmed"]),
    stale: yesOrNo(search["stale"]),
    shot: text(search["shot"]),
    sequence: text(search["sequence"]),
    workflow: text(search["workflow"]),
    media: one(search["media"], ["image", "video"]),
    take: text(search["take"]),
    compare: text(search["compare"]),
  });
}

export const readCharactersSearch = (search: Record<string, unknown>): CharactersSearch =>
  defined({ character: text(search["character"]) });

export function readJobsSearch(search: Record<string, unknown>): JobsSearch {
  return defined({
    status: one(search["status"], JOB_STATUSES),
    project: text(search["project"]),
    batch: text(search["batch"]),
    job: text(search["job"]),
    user: text(search["user"]),
    workflow: text(search["workflow"]),
    worker: text(search["worker"]),
    by: one(search["by"], ["queue"]),
  });
}

export function readCinematicSearch(search: Record<string, unknown>): CinematicSearch {
  return defined({ option: text(search["option"]) });
}

export const readFarmSearch = (search: Record<string, unknown>): FarmSearch =>
  defined({ period: one(search["period"], ["day", "week"]) });

export const readWorkersSearch = (search: Record<string, unknown>): WorkersSearch =>
  defined({ layout: one(search["layout"], ["table"]), worker: text(search["worker"]) });

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(search: T): Defined<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Defined<T>;
}
