import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { listSequencesOptions, type ShotStatus, type ShotView } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { allShotsOptions, useShotJobs } from "@/features/shots/queries";
import { filterShots, groupShots } from "@/features/shots/select";
import { useSelection } from "@/features/shots/selection";
import type { ProjectSearch } from "@/pages/search";

const route = getRouteApi("/projects/$code/");
const NONE: ShotView[] = [];

/** The shots of a project, and how the address wants them shown. */
export function useProjectShots(code: string) {
  const search: ProjectSearch = route.useSearch();
  const navigate = useNavigate();
  const query = useQuery(allShotsOptions(code));
  const sequences = useQuery(listSequencesOptions({ path: { code } }));
  const jobs = useShotJobs(code);
  const shots = query.data ?? NONE;
  const { q, status } = search;
  const visible = useMemo(() => filterShots(shots, { q, status }), [shots, q, status]);
  const groups = useMemo(() => groupShots(visible, sequences.data?.rows ?? []), [visible, sequences.data]);
  const selection = useSelection(useMemo(() => visible.map(({ id }) => id), [visible]));
  const counts = useMemo(() => countStatuses(shots), [shots]);
  const change = (
    changed: { [Key in keyof ProjectSearch]?: ProjectSearch[Key] | undefined },
    replace = false,
  ) =>
    void navigate({
      to: "/projects/$code",
      params: { code },
      search: { ...search, ...changed } as ProjectSearch,
      replace,
      resetScroll: false,
    });
  return {
    query,
    shots,
    visible,
    groups,
    jobs,
    selection,
    counts,
    search,
    change,
    frames: shots.reduce((sum, shot) => sum + shot.frame_count, 0),
    sequences: new Set(shots.map(({ sequence }) => sequence).filter(Boolean)).size,
  };
}

export type ProjectRoom = ReturnType<typeof useProjectShots>;

function countStatuses(shots: readonly ShotView[]): Record<ShotStatus, number> {
  const counts = Object.fromEntries(SHOT_STATUSES.map((status) => [status, 0])) as Record<ShotStatus, number>;
  for (const { status } of shots) counts[status] += 1;
  return counts;
}
