import type { Query, QueryClient } from "@tanstack/react-query";
import type { BatchPage, BatchView, JobDetail, JobPage, JobView, LiveMessage } from "@/api/generated";
import { concerns, headOf, SHOWS, USES } from "./keys";
import { tellMetrics } from "./metrics";
import { patchBatches, patchJobs } from "./patch";
import { tellPresence } from "./presence";
import { forgetJobs, tellPreview, tellProgress } from "./progress";

export type LiveBody = LiveMessage["body"];
type Rows = Extract<LiveBody, { kind: "jobs" | "batches" }>;

/** Counted over all jobs, or read a page after the other: read again at most every two seconds. */
const COSTLY: ReadonlySet<string> = new Set(["listFacets", "showOverview", "listProjectTakes"]);
const COSTLY_EVERY_MS = 2000;

/** Writes what the socket says into the caches. */
export class LiveCache {
  /** Rows that arrived while a query was being fetched: they are put in once more when its answer is there. */
  private readonly waiting = new Map<string, Rows[]>();

  /** Costly queries that are out of date, each with the project that it is about (null: any). */
  private readonly due = new Map<string, string | null>();
  private resting: ReturnType<typeof setTimeout> | undefined;
  private readonly unsubscribe: () => void;

  constructor(private readonly client: QueryClient) {
    this.unsubscribe = client.getQueryCache().subscribe(({ type, query, ...event }) => {
      if (
        type !== "updated" ||
        !("action" in event) ||
        event.action.type !== "success" ||
        event.action.manual
      )
        return;
      const bodies = this.waiting.get(query.queryHash) ?? [];
      this.waiting.delete(query.queryHash);
      for (const body of bodies) this.patch(query, body);
    });
  }

  /** Stops listening to the caches. */
  close(): void {
    clearTimeout(this.resting);
    this.unsubscribe();
  }

  reread(): void {
    this.waiting.clear();
    void this.client.invalidateQueries();
  }

  apply(body: LiveBody): void {
    switch (body.kind) {
      case "hello":
      case "passed":
        return;
      case "progress":
        return tellProgress(body.rows);
      case "preview":
        return tellPreview(body.job_id, body.jpeg_base64);
      case "presence":
        return tellPresence(body);
      case "metrics":
        return tellMetrics(body);
      case "changed":
        return this.invalidate(SHOWS[body.noun], body.project);
      case "jobs":
        forgetJobs(body.rows);
        this.invalidate(["explainJob"], null); // who stands ahead has changed
        this.invalidate(["listFacets", "showOverview"], null);
        return this.patchAll(body);
      case "shots":
        // takes: stale, confirmed
        this.invalidate(
          [
            "listShots",
            "listShotsOfCinematicOption",
            "showShot",
            "listTakes",
            "listProjectTakes",
            "showTake",
          ],
          body.project,
        );
        this.invalidate(USES, body.project);
        // one that is new or gone is counted
        if (body.rows.some(({ rev, deleted_at }) => rev === 1 || deleted_at !== null))
          this.invalidate(["showProject", "listProjects"], body.project);
        return;
      case "batches":
        return this.patchAll(body);
    }
  }

  private patchAll(body: Rows): void {
    for (const query of this.client.getQueryCache().getAll()) {
      if (query.state.fetchStatus !== "idle") {
        this.waiting.set(query.queryHash, [...(this.waiting.get(query.queryHash) ?? []), body]);
      }
      if (query.state.data !== undefined) this.patch(query, body);
    }
  }

  private patch(query: Query, body: Rows): void {
    const { _id, query: asked } = headOf(query.queryKey);
    const write = (data: unknown): void => void this.client.setQueryData(query.queryKey, data);
    const { data } = query.state;
    if (body.kind === "jobs") {
      if (_id === "listJobs") write(patchJobs(data as JobPage, body.rows, asked));
      if (_id === "showJob") this.patchDetail(query, data as JobDetail, body.rows);
    } else {
      if (_id === "listBatches") write(patchBatches(data as BatchPage, body.rows, asked));
      if (_id === "showBatch") write(body.rows.find(({ id }) => id === (data as BatchView).id) ?? data);
    }
  }

  /** The row's own fields at once; attempts and outputs are read again when it goes from one state to another. */
  private patchDetail(query: Query, detail: JobDetail, rows: readonly JobView[]): void {
    const row = rows.find(({ id }) => id === detail.id);
    if (row === undefined) return;
    this.client.setQueryData<JobDetail>(query.queryKey, { ...detail, ...row });
    if (row.status !== detail.status || row.attempt !== detail.attempt) {
      void this.client.invalidateQueries({ queryKey: query.queryKey, exact: true });
      this.invalidateNow(["showLog"], null, row.id);
    }
  }

  private invalidate(ids: readonly string[], project: string | null): void {
    for (const id of ids.filter((id) => COSTLY.has(id))) {
      const about = this.due.get(id);
      this.due.set(id, about === undefined || about === project ? project : null);
    }
    if (this.resting === undefined) this.readDue();
    this.invalidateNow(
      ids.filter((id) => !COSTLY.has(id)),
      project,
    );
  }

  /** The costly ones, and not again before a rest. */
  private readDue(): void {
    if (this.due.size === 0) return;
    for (const [id, project] of this.due) this.invalidateNow([id], project);
    this.due.clear();
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.readDue();
    }, COSTLY_EVERY_MS);
  }

  private invalidateNow(ids: readonly string[], project: string | null, jobId?: string): void {
    void this.client.invalidateQueries({
      predicate: (query) => {
        const { _id, path } = headOf(query.queryKey);
        return ids.includes(_id) && concerns(query, project) && (!jobId || path?.["job_id"] === jobId);
      },
    });
  }
}
