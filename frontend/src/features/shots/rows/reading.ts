import { listShots } from "@/api";
import { listenLive } from "@/api/live/listen";
import type { Noun } from "@/api";
import type { ShotRows } from "./shot-rows";

/** How much of the list is here. */
export interface Reading {
  loaded: number;
  total: number | undefined;
  error: Error | undefined;
}

const FIRST_PAGE = 200; // seen at once; the rest follows in larger ones
const PAGE = 1000;
const AGAIN_MS = 300;
/** So long the first rows have the page for themselves: they are drawn, and told to screen readers, before the rest comes. */
const SEEN_MS = 500;

/** What of these changes is seen in rows that were not told themselves. */
const CHANGES_ROWS: ReadonlySet<Noun> = new Set<Noun>(["shot", "sequence", "character", "cinematic"]);

/** Reads the whole list, page by page, and keeps it as the live socket says. Returns how to stop. */
export function keepReading(code: string, rows: ShotRows, onReading: (reading: Reading) => void): () => void {
  let stopped = false;
  let busy = false;
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const readAll = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    const ids = new Set<string>();
    rows.beginReading();
    try {
      let after: string | undefined;
      do {
        const { data } = await listShots({
          path: { code },
          query: { limit: ids.size === 0 ? FIRST_PAGE : PAGE, ...(after !== undefined && { after }) },
          throwOnError: true,
        });
        if (stopped) return;
        rows.read(data.rows);
        const first = ids.size === 0;
        for (const { id } of data.rows) ids.add(id);
        after = data.next ?? undefined;
        onReading({ loaded: ids.size, total: data.total, error: undefined });
        if (first && after !== undefined) await new Promise((seen) => setTimeout(seen, SEEN_MS));
        if (stopped) return;
      } while (after !== undefined && !again);
      if (!again) rows.endReading(ids);
    } catch (error) {
      if (stopped) return;
      onReading({
        loaded: ids.size,
        total: undefined,
        error: error instanceof Error ? error : new Error(String(error)),
      });
    } finally {
      busy = false;
    }
    if (again) void readAll();
  };

  const readSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void readAll(), AGAIN_MS);
  };

  const deafen = listenLive({
    onReread: readSoon,
    onBody: (body) => {
      if (body.kind === "shots" && body.project === code) rows.told(body.rows);
      else if (body.kind === "changed" && body.project === code && CHANGES_ROWS.has(body.noun)) readSoon();
    },
  });
  void readAll();
  return () => {
    stopped = true;
    clearTimeout(timer);
    deafen();
  };
}
