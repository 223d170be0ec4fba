import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type JobView, listJobsOptions } from "@/api";
import { ACTIVE, CANCELABLE } from "@/api/statuses";

/** The unfinished job of each shot; a running one before a waiting one. */
export function useShotJobs(project: string): ReadonlyMap<string, JobView> {
  const jobs = useQuery(listJobsOptions({ query: { project, status: [...CANCELABLE], limit: 1000 } }));
  return useMemo(() => {
    const byShot = new Map<string, JobView>();
    for (const job of jobs.data?.rows ?? []) {
      if (job.shot_id !== null && (ACTIVE.has(job.status) || !byShot.has(job.shot_id)))
        byShot.set(job.shot_id, job);
    }
    return byShot;
  }, [jobs.data]);
}
