import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type JobView, listJobsOptions } from "@/api";
import { ACTIVE, CANCELABLE } from "@/api/statuses";

/** The unfinished job of each shot; a running one before a waiting one. */
export function useShotJobs(project: string): ReadonlyMap<string, JobView> {
  const jobs = useQuery(listJobsOptions({ query: { project, status: [...CANCELABLE], limit: 1000 } }));
  const now = useMemo(() => {
    const byShot = new Map<string, JobView>();
    for (const job of jobs.data?.rows ?? []) {
      if (job.shot_id !== null && (ACTIVE.has(job.status) || !byShot.has(job.shot_id)))
        byShot.set(job.shot_id, job);
    }
    return byShot;
  }, [jobs.data]);
  const [kept, keep] = useState<ReadonlyMap<string, JobView>>(now);
  if (kept !== now && !isSame(kept, now)) keep(now);
  return isSame(kept, now) ? kept : now;
}

/** Jobs of films and of shots elsewhere come and go all the time; they are no reason to draw the table anew. */
function isSame(a: ReadonlyMap<string, JobView>, b: ReadonlyMap<string, JobView>): boolean {
  return a === b || (a.size === b.size && [...a].every(([shot, job]) => b.get(shot) === job));
}
