import { useTranslation } from "react-i18next";
import type { JobView } from "@/api";
import { useJobProgress } from "@/api/live/progress";
import { ACTIVE, JOB_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatPercent, formatTook } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge } from "@/ui/badge";
import { Bar } from "@/ui/progress";

export function JobBadge({ job }: { job: JobView }) {
  const { t } = useTranslation();
  return <Badge tone={JOB_TONES[job.status]}>{t(`status.job.${job.status}`)}</Badge>;
}

/** The bar of a running job; what others say last. */
export function JobProgressLine({ job }: { job: JobView }) {
  const language = useLanguage();
  const { t } = useTranslation();
  const told = useJobProgress(job.id);
  if (!ACTIVE.has(job.status)) {
    return <p className="line-clamp-2 text-xs text-faint">{job.message}</p>;
  }
  const fraction = told?.fraction ?? job.progress;
  return (
    <div>
      <p className="mb-1 flex justify-between gap-2 text-xs text-soft">
        <span className="truncate">{told?.message ?? job.message}</span>
        {formatPercent(fraction, language)}
      </p>
      <Bar value={fraction} label={t("jobs.column.progress")} />
    </div>
  );
}

/** How long it ran, or has been running. */
export function Took({ job }: { job: JobView }) {
  const language = useLanguage();
  if (job.started_at === null) return null;
  if (job.finished_at !== null) return formatTook(job.started_at, job.finished_at, language);
  return ACTIVE.has(job.status) ? <Running since={job.started_at} /> : null;
}

function Running({ since }: { since: string }) {
  const now = useNow(1000);
  return formatTook(since, now, useLanguage());
}
