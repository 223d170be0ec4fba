import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listProjectTakes, type ListProjectTakesData, listProjectTakesQueryKey } from "@/api";

export type TakeQuery = Omit<NonNullable<ListProjectTakesData["query"]>, "after" | "limit">;

const PAGE = 200;

/** The takes of a project that match, page by page; kept fresh by what the socket says of takes. */
export function useTakes(code: string, wanted: TakeQuery) {
  const query = { ...wanted, limit: PAGE };
  const takes = useInfiniteQuery({
    queryKey: [...listProjectTakesQueryKey({ path: { code }, query }), "pages"],
    queryFn: async ({ pageParam, signal }) => {
      const page = { ...query, ...(pageParam && { after: pageParam }) };
      return (await listProjectTakes({ path: { code }, query: page, signal, throwOnError: true })).data;
    },
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => takes.data?.pages.flatMap((page) => page.rows) ?? [], [takes.data]);
  const first = takes.data?.pages[0];
  return { takes, rows, total: first?.total, workflows: first?.workflows ?? [] };
}
