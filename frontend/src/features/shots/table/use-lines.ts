import { useEffect, useMemo, useState } from "react";
import type { ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import { type Line, linesOf, type Seen } from "./lines";

const SOON_MS = 120;

/** The lines of the table, renewed when the cut changes, or when a row does and rows are filtered, sorted or grouped by it. */
export function useLines(rows: ShotRows, bible: Bible, seen: Seen): readonly Line[] {
  const [version, setVersion] = useState(0);
  const plain =
    seen.filters.length === 0 && seen.sorts.length === 0 && !seen.q.trim() && isOfTheCut(seen.group);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = () => {
      timer = undefined;
      setVersion(rows.version);
    };
    const stop = rows.subscribe(({ cut }) => {
      // at once for a row that comes or goes, in a moment for the many that only change
      if (cut && rows.ids.length < 2000) renew();
      else if (cut || !plain) timer ??= setTimeout(renew, SOON_MS);
    });
    renew();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [rows, plain]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for what the rows hold
  return useMemo(() => linesOf(rows, bible, seen), [rows, bible, seen, version]);
}

/** Groups that only the cut itself changes. */
const isOfTheCut = (group: Seen["group"]): boolean => group === null || group === "sequence";
