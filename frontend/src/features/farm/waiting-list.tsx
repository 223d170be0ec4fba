import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Waiting } from "@/api";
import { Badge, FILL } from "@/ui/badge";
import { REASON_TONES } from "./tones";

/** Queued jobs by what they wait for, with what helps, and the biggest groups of each. */
export function WaitingList({ waiting }: { waiting: readonly Waiting[] }) {
  const { t } = useTranslation("farm");
  const most = Math.max(1, ...waiting.map(({ jobs }) => jobs));
  if (waiting.length === 0) return <p className="px-4 py-6 text-center text-soft">{t("nothingWaits")}</p>;
  return (
    <ul className="divide-y divide-line">
      {waiting.map(({ reason, jobs, groups }) => (
        <li key={reason} className="px-4 py-3">
          <p className="flex items-baseline justify-between gap-3">
            <Badge tone={REASON_TONES[reason]}>{t(`reason.${reason}`)}</Badge>
            <span className="font-semibold tabular-nums">{t("jobs", { count: jobs })}</span>
          </p>
          <div aria-hidden className="my-1.5 h-1 rounded-full bg-line">
            <div
              className={`h-full min-w-1 rounded-full ${FILL[REASON_TONES[reason]]}`}
              style={{ width: `${(jobs / most) * 100}%` }}
            />
          </div>
          <p className="text-xs text-soft">{t(`remedy.${reason}`)}</p>
          <ul className="mt-1.5 flex flex-wrap gap-1.5">
            {groups.map(({ job_id, workflow, user, jobs: count }) => (
              <li key={job_id} className="min-w-0">
                <Link
                  to="/jobs"
                  search={{ job: job_id }}
                  className="block truncate rounded border border-line bg-raised px-1.5 py-px text-xs text-soft hover:border-line-strong hover:text-ink"
                >
                  {workflow} · {user} <span className="tabular-nums">{count}</span>
                </Link>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
