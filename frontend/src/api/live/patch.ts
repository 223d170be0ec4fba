import type { BatchPage, BatchView, JobPage, JobView, ListBatchesData, ListJobsData } from "@/api/generated";

type JobQuery = NonNullable<ListJobsData["query"]>;
type BatchQuery = NonNullable<ListBatchesData["query"]>;

/** Rows with those of the same id replaced; others stay as they are, in place. */
export function replaceRows<Row extends { id: string }>(
  rows: readonly Row[],
  changed: readonly Row[],
): Row[] {
  const byId = new Map(changed.map((row) => [row.id, row]));
  return rows.map((row) => byId.get(row.id) ?? row);
}

export function matchesJobQuery(job: JobView, query: JobQuery): boolean {
  return (
    (!query.project || query.project === job.project) && // of this project
    (!query.batch || query.batch === job.batch_id) && // of this batch
    (!query.shot || query.shot === job.shot_id) && // of this shot
    (!query.workflow || query.workflow === job.workflow) && // of this workflow
    (!query.user || query.user === job.user) && // of this user
    (!query.worker || query.worker === job.worker) && // of this worker
    (!query.status?.length || query.status.includes(job.status)) // in one of these states
  );
}

/** A page of jobs, newest first: changed rows in place, new ones on top, those that match no longer left out. */
export function patchJobs(page: JobPage, changed: readonly JobView[], query: JobQuery = {}): JobPage {
  const known = new Set(page.rows.map((row) => row.id));
  const fits = new Map(changed.map((row) => [row.id, matchesJobQuery(row, query)]));
  const left = changed.filter((row) => known.has(row.id) && !fits.get(row.id)).length;
  const kept = replaceRows(page.rows, changed).filter((row) => fits.get(row.id) ?? true);
  const arrived = query.offset ? [] : changed.filter((row) => fits.get(row.id) && isNew(row, known, page));
  if (left === 0 && arrived.length === 0)
    return { ...page, rows: query.order === "queue" ? inOrder(kept, query) : kept };
  return {
    rows: inOrder([...kept, ...arrived], query).slice(0, query.limit ?? 100),
    total: page.total - left + arrived.length,
  };
}

/** Not in the page, and not merely beyond its end. */
function isNew(row: JobView, known: ReadonlySet<string>, page: JobPage): boolean {
  const last = page.rows.at(-1);
  return !known.has(row.id) && (page.rows.length === page.total || last === undefined || row.id > last.id);
}

export function patchBatches(
  page: BatchPage,
  changed: readonly BatchView[],
  query: BatchQuery = {},
): BatchPage {
  const known = new Set(page.rows.map((row) => row.id));
  const arrived = changed.filter(
    (row) => !known.has(row.id) && (!query.project || query.project === row.project),
  );
  return { rows: newestFirst([...replaceRows(page.rows, changed), ...arrived]).slice(0, query.limit ?? 50) };
}

/** As asked for: by priority and then by age, or newest first. */
function inOrder(rows: JobView[], { order }: JobQuery): JobView[] {
  if (order !== "queue") return newestFirst(rows);
  return rows.sort((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
}

/** Ids are ULIDs: they sort by the time they were made. */
function newestFirst<Row extends { id: string }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1));
}
