import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { FarmOverview } from "@/api";
import { useJobName } from "@/api/job-name";
import { useLanguage } from "@/i18n";
import { formatAgo } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge } from "@/ui/badge";

type Failed = Pick<FarmOverview, "failures" | "failing_workers" | "newest_failures">;

/** What failed: of which kinds, on which workers, and the newest to look into. */
export function Failures({ farm: { failures, failing_workers, newest_failures } }: { farm: Failed }) {
  const { t } = useTranslation(["farm", "translation"]);
  const language = useLanguage();
  const nameOf = useJobName();
  const now = useNow(10_000);
  if (failures.length === 0 && newest_failures.length === 0)
    return <p className="px-4 py-6 text-center text-soft">{t("noFailures")}</p>;
  return (
    <>
      <div className="grid gap-x-6 border-b border-line px-4 py-3 sm:grid-cols-2">
        <Counts
          title={t("kinds")}
          rows={failures.map(({ kind, count }) => ({
            name: t(`failure.${kind}`, { ns: "translation" }),
            count,
          }))}
        />
        <Counts
          title={t("failingWorkers")}
          rows={failing_workers.map(({ worker, count }) => ({ name: worker, count }))}
        />
      </div>
      <ul aria-label={t("newestFailures")} className="divide-y divide-line">
        {newest_failures.map((failure) => (
          <li key={`${failure.job_id} ${failure.at}`}>
            <Link
              to="/jobs"
              search={{ job: failure.job_id }}
              className="block px-4 py-2 text-xs hover:bg-hover"
            >
              <span className="flex items-baseline gap-3">
                <Badge tone="bad">
                  {t(failure.kind ? `failure.${failure.kind}` : "failure.none", { ns: "translation" })}
                </Badge>
                <span className="min-w-0 flex-1 truncate font-medium">{nameOf(failure)}</span>
                <span className="shrink-0 text-faint">{formatAgo(failure.at, now, language)}</span>
              </span>
              <span className="mt-0.5 line-clamp-2 text-soft">
                {failure.worker}: {failure.message}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function Counts({ title, rows }: { title: string; rows: readonly { name: string; count: number }[] }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-1 text-2xs font-semibold text-faint">{title}</h3>
      <ul>
        {rows.map(({ name, count }) => (
          <li key={name} className="flex justify-between gap-3 py-0.5 text-xs">
            <span className="min-w-0 truncate">{name}</span>
            <span className="text-soft tabular-nums">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
