import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { ProjectSearch } from "@/pages/search";

const route = getRouteApi("/projects/$code/");

/** What the address of the room says, and how to change it. `push` makes a step that “back” undoes. */
export function useProjectSearch(code: string) {
  const search: ProjectSearch = route.useSearch();
  const navigate = useNavigate();
  const change = useCallback(
    (changed: { [Key in keyof ProjectSearch]?: ProjectSearch[Key] | undefined }, push = false) =>
      void navigate({
        to: "/projects/$code",
        params: { code },
        search: (before: ProjectSearch) => ({ ...before, ...changed }) as ProjectSearch,
        replace: !push,
        resetScroll: false,
      }),
    [navigate, code],
  );
  return { search, change };
}
