import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type BatchView, listBatchesOptions } from "@/api";

/** The batch to show at the foot: the newest that runs, and afterwards the same one until it is dismissed. */
export function useCurrentBatch(project: string): { batch: BatchView | undefined; dismiss: () => void } {
  const batches = useQuery(listBatchesOptions({ query: { project, limit: 20 } }));
  const [watched, setWatched] = useState<string>();
  const rows = batches.data?.rows ?? [];
  const running = rows.find(({ done }) => !done);
  if (running !== undefined && running.id !== watched) setWatched(running.id);
  return {
    batch: running ?? rows.find(({ id }) => id === watched),
    dismiss: () => setWatched(undefined),
  };
}
