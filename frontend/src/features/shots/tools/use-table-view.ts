import { useCallback, useMemo, useState } from "react";
import { PLAIN, readView, type TableView } from "@/features/shots/table/view";
import { readStored, writeStored } from "@/lib/stored";

/** What of a view stands in the address, so that a link shows the same rows to everyone. */
export type Addressed = Partial<Pick<TableView, "filters" | "sorts" | "group">>;

const stored = (code: string): unknown => {
  try {
    return JSON.parse(readStored(`table.${code}`) ?? "null") as unknown;
  } catch {
    return null;
  }
};

/** How the table of a project is shown: rows by the address, columns as this browser had them last. */
export function useTableView(code: string, addressed: Addressed, onAddress: (changed: Addressed) => void) {
  const [own, setOwn] = useState(() => readView(stored(code)));
  const view = useMemo(
    (): TableView => ({ ...own, filters: [], sorts: [], group: PLAIN.group, ...addressed }),
    [own, addressed],
  );
  const change = useCallback(
    (changed: Partial<TableView>) => {
      const { filters, sorts, group, ...rest } = changed;
      const now = { ...view, ...rest };
      setOwn(now);
      writeStored(`table.${code}`, JSON.stringify({ ...now, filters: [], sorts: [], group: PLAIN.group }));
      const address: Addressed = {
        ...(filters !== undefined && { filters }),
        ...(sorts !== undefined && { sorts }),
        ...(group !== undefined && { group }),
      };
      if (Object.keys(address).length > 0) onAddress(address);
    },
    [view, code, onAddress],
  );
  return { view, change };
}
