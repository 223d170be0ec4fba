import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type JobView, listJobsOptions } from "@/api";
import { useJobName } from "@/api/job-name";
import { useJobProgress } from "@/api/live/progress";
import { ACTIVE } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatPercent } from "@/lib/format";
import { Bar } from "@/ui/progress";

/** What runs on a device now, each with its progress and a link. */
export function DeviceJobs({ deviceId }: { deviceId: string }) {
  const { t } = useTranslation();
  const jobs = useQuery({
    ...listJobsOptions({ query: { status: [...ACTIVE], limit: 1000 } }),
    select: ({ rows }) => rows.filter(({ device_id }) => device_id === deviceId),
  });
  if (!jobs.data?.length) return <p className="text-xs text-faint">{t("workers.idle")}</p>;
  return jobs.data.map((job) => <Running key={job.id} job={job} />);
}

function Running({ job }: { job: JobView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const told = useJobProgress(job.id);
  const fraction = told?.fraction ?? job.progress;
  return (
    <div className="min-w-0">
      <p className="mb-1 flex justify-between gap-2 text-xs">
        <Link
          to="/jobs"
          search={{ job: job.id }}
          className="truncate text-tone-active underline-offset-2 hover:underline"
        >
          {useJobName()(job)}
        </Link>
        <span className="text-soft">{formatPercent(fraction, language)}</span>
      </p>
      <Bar value={fraction} label={t("workers.currentJob")} />
    </div>
  );
}
