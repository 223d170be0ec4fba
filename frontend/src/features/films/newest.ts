import { skipToken, useQuery } from "@tanstack/react-query";
import { type JobDetail, type JobView, listJobsOptions, showJobOptions } from "@/api";
import { CANCELABLE } from "@/api/statuses";

export interface Newest {
  /** The newest that is done. */
  done: JobDetail | undefined;
  /** The newest of all, when it is not done (yet). */
  pending: JobView | undefined;
}

/** The newest film of one workflow in a project. */
export function useNewest(project: string, workflow: string): Newest {
  const completed = useQuery(
    listJobsOptions({ query: { project, workflow, status: ["completed"], limit: 1 } }),
  );
  const newest = useQuery(listJobsOptions({ query: { project, workflow, limit: 1 } })).data?.rows[0];
  const done = completed.data?.rows[0];
  const options = showJobOptions({ path: { job_id: done?.id ?? "" } });
  const detail = useQuery({ ...options, queryFn: done ? options.queryFn : skipToken });
  const open = newest && (CANCELABLE.has(newest.status) || newest.status === "failed") ? newest : undefined;
  return { done: detail.data, pending: open };
}
