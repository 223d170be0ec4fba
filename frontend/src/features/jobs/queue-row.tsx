import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import clsx from "clsx";
import { GripVertical } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobView } from "@/api";
import { useLanguage } from "@/i18n";
import { formatAgo, formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { jobCan } from "./job-can";
import { JobBadge, JobProgressLine, Took } from "./parts";

/** Widths of the columns, shared by the head and every row. */
export const GRID =
  "grid grid-cols-[3.25rem_minmax(12rem,2fr)_7rem_minmax(9rem,1.2fr)_4.5rem_6rem_8rem_7rem_5rem] items-center gap-2 px-3";
export const ROW_HEIGHT = 46;
const STEP = 5;

interface QueueRowProps {
  job: JobView;
  name: string;
  selected: boolean;
  onSelect: (id: string, range: boolean) => void;
  onOpen: (id: string) => void;
  /** Jobs (the one dragged, or all that are selected with it) get this priority. */
  onPriority: (id: string, priority: number) => void;
}

export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { job, name, selected, onSelect, onOpen, onPriority } = props;
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(15_000);
  const row = useRef<HTMLDivElement>(null);
  const grip = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const movable = jobCan.priority(job) === undefined;

  useEffect(() => {
    const [element, handle] = [row.current, grip.current];
    if (!element || !movable) return;
    return combine(
      ...(handle ? [draggable({ element, dragHandle: handle, getInitialData: () => ({ id: job.id }) })] : []),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => typeof source.data["id"] === "string" && source.data["id"] !== job.id,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          onPriority(String(source.data["id"]), job.priority);
        },
      }),
    );
  }, [job.id, job.priority, movable, onPriority]);

  function pressed(event: KeyboardEvent) {
    const step = event.altKey ? { ArrowUp: STEP, ArrowDown: -STEP }[event.key] : undefined;
    if (step === undefined || !movable) return;
    event.preventDefault();
    onPriority(job.id, Math.max(0, Math.min(100, job.priority + step)));
  }

  return (
    <div
      ref={row}
      role="row"
      data-job={job.id}
      aria-selected={selected}
      onKeyDown={pressed}
      onClick={() => onOpen(job.id)}
      style={{ height: ROW_HEIGHT }}
      className={clsx(
        GRID,
        "cursor-pointer border-b border-line/70 text-xs hover:bg-hover",
        selected && "bg-accent-soft",
        over && "outline-2 -outline-offset-2 outline-accent",
      )}
    >
      <div role="cell" className="flex items-center gap-1" onClick={(event) => event.stopPropagation()}>
        {movable ? (
          <button
            ref={grip}
            type="button"
            aria-label={t("jobs.drag", { name })}
            title={t("jobs.queueHelp")}
            className="cursor-grab text-faint"
          >
            <GripVertical className="size-4" aria-hidden />
          </button>
        ) : (
          <span className="w-4" />
        )}
        <input
          type="checkbox"
          aria-label={t("jobs.selectThis", { name })}
          checked={selected}
          onChange={(event) =>
            onSelect(job.id, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
          }
          className="size-4 accent-(--accent)"
        />
      </div>
      <div role="cell" className="min-w-0">
        <button
          type="button"
          aria-label={t("jobs.open", { name })}
          className="block w-full truncate text-left text-[0.8125rem] font-medium hover:text-accent"
        >
          {name}
        </button>
        <p className="truncate text-2xs text-faint">
          <span className="timecode">{job.project}</span> · {job.workflow}
          {job.attempt > 1 && ` · ${t("jobs.attempt", { number: job.attempt })}`}
        </p>
      </div>
      <div role="cell">
        <JobBadge job={job} />
      </div>
      <div role="cell" className="min-w-0 overflow-hidden">
        <JobProgressLine job={job} />
      </div>
      <div role="cell" className="text-right tabular-nums">
        {job.priority}
      </div>
      <div role="cell" className="truncate text-soft">
        {job.user}
      </div>
      <div role="cell" className="truncate text-soft">
        {job.worker}
      </div>
      <div role="cell" className="truncate text-soft">
        <time dateTime={job.created_at} title={formatTime(job.created_at, language)}>
          {formatAgo(job.created_at, now, language)}
        </time>
      </div>
      <div role="cell" className="text-soft">
        <Took job={job} />
      </div>
    </div>
  );
});
