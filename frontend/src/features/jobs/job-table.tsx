import { RotateCcw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { JobView } from "@/api";
import { useJobName } from "@/api/job-name";
import { useLanguage } from "@/i18n";
import { formatAgo, formatTime } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { IconButton } from "@/ui/button";
import { useCancelJob, useRetryJob } from "./actions";
import { jobCan } from "./job-can";
import { JobBadge, JobProgressLine, Took } from "./parts";

const CELL = "border-b border-line/70 px-2 py-2 align-middle";

export function JobTable({ jobs, onOpen }: { jobs: readonly JobView[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const heads = ["name", "status", "progress", "worker", "created", "took"] as const;
  const wide: Partial<Record<(typeof heads)[number], string>> = {
    worker: "hidden lg:table-cell",
    created: "hidden md:table-cell",
    took: "hidden md:table-cell",
  };
  return (
    <table className="w-full border-separate border-spacing-0 text-[0.8125rem]">
      <thead>
        <tr className="text-left text-xs text-faint">
          {heads.map((head) => (
            <th
              key={head}
              scope="col"
              className={`sticky top-12 z-10 border-b border-line bg-paper px-2 py-2 font-medium ${wide[head] ?? ""}`}
            >
              {t(`jobs.column.${head}`)}
            </th>
          ))}
          <th className="sticky top-12 z-10 w-20 border-b border-line bg-paper" />
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <Row key={job.id} job={job} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ job, onOpen }: { job: JobView; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(15_000);
  const name = useJobName()(job);
  return (
    <tr className="cursor-pointer hover:bg-surface" onClick={() => onOpen(job.id)}>
      <td className={CELL}>
        <button
          type="button"
          aria-label={t("jobs.open", { name })}
          className="text-left font-medium hover:text-accent"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(job.id);
          }}
        >
          {name}
        </button>
        <p className="text-xs text-faint">
          <span className="timecode">{job.project}</span> · {job.workflow}
          {job.attempt > 1 && ` · ${t("jobs.attempt", { number: job.attempt })}`}
        </p>
      </td>
      <td className={CELL}>
        <JobBadge job={job} />
      </td>
      <td className={`${CELL} w-56 max-w-56`}>
        <JobProgressLine job={job} />
      </td>
      <td className={`${CELL} hidden text-soft lg:table-cell`}>{job.worker}</td>
      <td className={`${CELL} hidden whitespace-nowrap text-soft md:table-cell`}>
        <time dateTime={job.created_at} title={formatTime(job.created_at, language)}>
          {formatAgo(job.created_at, now, language)}
        </time>
      </td>
      <td className={`${CELL} hidden whitespace-nowrap text-soft md:table-cell`}>
        <Took job={job} />
      </td>
      <td className={`${CELL} text-right`} onClick={(event) => event.stopPropagation()}>
        <RowActions job={job} />
      </td>
    </tr>
  );
}

function RowActions({ job }: { job: JobView }) {
  const { t } = useTranslation();
  const cancel = useCancelJob();
  const retry = useRetryJob();
  const name = useJobName()(job);
  if (jobCan.cancel(job) === undefined) {
    return (
      <IconButton
        size="sm"
        label={t("jobs.cancelThis", { name })}
        busy={cancel.isPending}
        onClick={() => cancel.run(job)}
      >
        <X />
      </IconButton>
    );
  }
  if (jobCan.retry(job) === undefined) {
    return (
      <IconButton
        size="sm"
        label={t("jobs.retryThis", { name })}
        busy={retry.isPending}
        onClick={() => retry.run(job)}
      >
        <RotateCcw />
      </IconButton>
    );
  }
  return null;
}
