import { useCallback, useMemo, useRef, useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  /** With `range`, everything between the last toggled row and this one. */
  toggle: (id: string, range: boolean) => void;
  set: (ids: readonly string[], on: boolean) => void;
  clear: () => void;
}

/** Which rows are picked. Rows that are gone fall out. */
export function useSelection(order: readonly string[]): Selection {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const ids = useMemo(() => new Set(order.filter((id) => picked.has(id))), [order, picked]);

  const set = useCallback((changed: readonly string[], on: boolean) => {
    setPicked((before) => {
      const after = new Set(before);
      for (const id of changed) {
        if (on) after.add(id);
        else after.delete(id);
      }
      return after;
    });
  }, []);

  const toggle = useCallback(
    (id: string, range: boolean) => {
      const from = range && last.current !== undefined ? order.indexOf(last.current) : -1;
      const to = order.indexOf(id);
      const between = from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
      set(between, !ids.has(id));
      last.current = id;
    },
    [order, ids, set],
  );

  const clear = useCallback(() => setPicked(new Set()), []);
  return useMemo(() => ({ ids, toggle, set, clear }), [ids, toggle, set, clear]);
}
