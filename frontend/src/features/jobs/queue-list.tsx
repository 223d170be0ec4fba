import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobView } from "@/api";
import { useJobName } from "@/api/job-name";
import { BulkBar, useBulk } from "./bulk";
import { GRID, QueueRow, ROW_HEIGHT } from "./queue-row";

const HEADS = ["name", "status", "progress", "priority", "user", "worker", "created", "took"] as const;

interface QueueListProps {
  jobs: readonly JobView[];
  total: number;
  onOpen: (id: string) => void;
  /** The end is near: more should be read. */
  onMore: () => void;
}

/** Jobs as rows, of which only those on the screen are made; selected ones have a bar of deeds. */
export function QueueList({ jobs, total, onOpen, onMore }: QueueListProps) {
  const { t } = useTranslation();
  const nameOf = useJobName();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const newest = useRef({ jobs, selected });
  useEffect(() => void (newest.current = { jobs, selected }));
  const { run } = useBulk();
  const runRef = useRef(run);
  useEffect(() => void (runRef.current = run));

  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const measure = () => setTop((place.current?.getBoundingClientRect().top ?? 0) + globalThis.scrollY);
    measure();
    globalThis.addEventListener("resize", measure);
    return () => globalThis.removeEventListener("resize", measure);
  }, []);
  const virtual = useWindowVirtualizer({
    count: jobs.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const reached = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (jobs.length < total && reached > jobs.length - 100) onMore();
  }, [reached, jobs.length, total, onMore]);

  const onSelect = useCallback((id: string, range: boolean) => {
    setSelected((before) => {
      const ids = newest.current.jobs.map((job) => job.id);
      const from = range && last.current ? ids.indexOf(last.current) : -1;
      const to = ids.indexOf(id);
      const touched = from < 0 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
      last.current = id;
      const next = new Set(before);
      const on = !before.has(id);
      for (const one of touched) {
        if (on) next.add(one);
        else next.delete(one);
      }
      return next;
    });
  }, []);
  const onPriority = useCallback((id: string, priority: number) => {
    const { selected: chosen } = newest.current;
    runRef.current("priority", chosen.has(id) ? [...chosen] : [id], priority);
  }, []);

  const chosen = jobs.filter(({ id }) => selected.has(id));
  const all = jobs.length > 0 && chosen.length === jobs.length;
  return (
    <div
      role="table"
      aria-label={t("jobs.title")}
      aria-rowcount={total}
      className="min-w-0 overflow-x-clip rounded-xl border border-line bg-surface pb-16 max-lg:overflow-x-auto"
    >
      <div
        role="row"
        className={`${GRID} z-10 h-9 rounded-t-xl border-b border-line bg-surface text-2xs text-faint lg:sticky lg:top-12`}
      >
        <span role="columnheader" className="flex justify-end pr-1.5">
          <input
            type="checkbox"
            aria-label={t("jobs.selectAll")}
            checked={all}
            onChange={() => setSelected(all ? new Set() : new Set(jobs.map(({ id }) => id)))}
            className="size-4 accent-(--accent)"
          />
        </span>
        {HEADS.map((head) => (
          <span key={head} role="columnheader" className={head === "priority" ? "text-right" : ""}>
            {t(`jobs.column.${head}`)}
          </span>
        ))}
      </div>
      <div ref={place} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const job = jobs[index];
          return (
            job && (
              <div
                key={job.id}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start - top}px)` }}
              >
                <QueueRow
                  job={job}
                  name={nameOf(job)}
                  selected={selected.has(job.id)}
                  onSelect={onSelect}
                  onOpen={onOpen}
                  onPriority={onPriority}
                />
              </div>
            )
          );
        })}
      </div>
      {chosen.length > 0 && <BulkBar jobs={chosen} onClear={() => setSelected(new Set())} />}
    </div>
  );
}
