import { useCallback, useSyncExternalStore } from "react";
import type { ShotView } from "@/api";
import type { ShotRows } from "./rows";

/** Redraws whoever asks with every change of any row: for what shows many. */
export const useRowsVersion = (rows: ShotRows): number =>
  useSyncExternalStore(rows.subscribe, () => rows.version);

/** One shot, by its code. */
export function useShotByCode(rows: ShotRows, code: string | undefined): ShotView | undefined {
  const read = useCallback(() => {
    if (code === undefined) return undefined;
    for (const id of rows.ids) {
      const row = rows.get(id);
      if (row?.code === code) return row;
    }
    return undefined;
  }, [rows, code]);
  return useSyncExternalStore(rows.subscribe, read);
}
