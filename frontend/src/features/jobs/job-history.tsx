import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listJobsOptions } from "@/api";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { Failed, Loading } from "@/ui/states";
import { JobBadge, JobProgressLine } from "./parts";

/** Every job of one shot, newest first. */
export function JobHistory({ shotId }: { shotId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const jobs = useQuery(listJobsOptions({ query: { shot: shotId } }));
  if (jobs.isPending) return <Loading className="py-4" />;
  if (jobs.isError) return <Failed error={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.data.rows.length === 0)
    return <p className="text-[0.8125rem] text-faint">{t("shot.noHistory")}</p>;
  return (
    <ul className="divide-y divide-line border-y border-line">
      {jobs.data.rows.map((job) => (
        <li key={job.id} className="py-2">
          <p className="flex items-center gap-3 text-xs text-faint">
            <JobBadge job={job} />
            {job.workflow}
            <time dateTime={job.created_at} className="ml-auto">
              {formatTime(job.created_at, language)}
            </time>
          </p>
          <JobProgressLine job={job} />
        </li>
      ))}
    </ul>
  );
}
