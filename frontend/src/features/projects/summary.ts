import { useQueries } from "@tanstack/react-query";
import { listShotsOptions, type ProjectView, type ShotView } from "@/api";

export interface Summary {
  panels: ShotView[];
  /** Shots that have a panel. */
  drawn: number;
}

const PANELS = 4;

/** The first panels of a project, and how many of its shots are drawn. */
export function useSummary({ code, shot_count }: ProjectView): Summary {
  const path = { code };
  return useQueries({
    queries: [
      listShotsOptions({ path, query: { limit: 24 } }),
      listShotsOptions({ path, query: { limit: 1, status: "pending" } }),
      listShotsOptions({ path, query: { limit: 1, status: "generating" } }),
    ],
    combine: ([first, pending, generating]) => ({
      panels: (first.data?.rows ?? []).filter((shot) => shot.thumbnail_url !== null).slice(0, PANELS),
      drawn: shot_count - (pending.data?.total ?? shot_count) - (generating.data?.total ?? 0),
    }),
  });
}
