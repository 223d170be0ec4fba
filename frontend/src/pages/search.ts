/** What stands in the address: filters, views and the opened row, so that a link shows the same to everyone. */
import type { JobStatus, ShotStatus } from "@/api";
import { JOB_STATUSES, SHOT_STATUSES } from "@/api/statuses";

export interface ProjectSearch {
  view?: "board";
  q?: string;
  status?: ShotStatus;
  shot?: string;
}

export interface JobsSearch {
  status?: JobStatus;
  project?: string;
  batch?: string;
  job?: string;
  page?: number;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);
const one = <Value extends string>(value: unknown, of: readonly Value[]): Value | undefined =>
  of.find((known) => known === value);

export function readProjectSearch(search: Record<string, unknown>): ProjectSearch {
  return defined({
    view: one(search["view"], ["board"]),
    q: text(search["q"]),
    status: one(search["status"], SHOT_STATUSES),
    shot: text(search["shot"]),
  });
}

export function readJobsSearch(search: Record<string, unknown>): JobsSearch {
  const page = Number(search["page"]);
  return defined({
    status: one(search["status"], JOB_STATUSES),
    project: text(search["project"]),
    batch: text(search["batch"]),
    job: text(search["job"]),
    page: Number.isInteger(page) && page > 1 ? page : undefined,
  });
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(search: T): Defined<T> {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Defined<T>;
}
