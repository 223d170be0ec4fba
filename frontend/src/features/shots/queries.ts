import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { type JobView, listJobsOptions, listShots, type ShotView } from "@/api";
import { ACTIVE, CANCELABLE } from "@/api/statuses";
import { replaceRows } from "@/api/live/patch";

const PAGE = 1000;

/** Every shot of a project in the order of the cut; the live socket keeps it (`allShots` in api/live/cache). */
export const allShotsOptions = (code: string) =>
  queryOptions({
    queryKey: [{ _id: "allShots", path: { code } }] as const,
    queryFn: async ({ signal }) => {
      const rows: ShotView[] = [];
      let after: string | undefined;
      do {
        const { data } = await listShots({
          path: { code },
          query: { after, limit: PAGE },
          signal,
          throwOnError: true,
        });
        rows.push(...data.rows);
        after = data.next ?? undefined;
      } while (after !== undefined);
      return rows;
    },
  });

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

/** Puts a shot that the master answered with into the list at once. */
export function usePutShot(): (shot: ShotView) => void {
  const client = useQueryClient();
  return useCallback(
    (shot) =>
      client.setQueryData(
        allShotsOptions(shot.project).queryKey,
        (rows) => rows && replaceRows(rows, [shot]),
      ),
    [client],
  );
}
