import { Link } from "@tanstack/react-router";
import { CircleHelp, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BatchView } from "@/api";
import { JOB_STATUSES, JOB_TONES, RETRYABLE, WAITING } from "@/api/statuses";
import { Badge } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { Segments } from "@/ui/progress";
import { BatchForecast } from "./batch-forecast";
import { useCancelBatch, useRetryFailed } from "./batch-actions";
import { WhyWaiting } from "./why-waiting";

interface BatchBarProps {
  batch: BatchView;
  onDismiss: () => void;
}

/** The batch that runs, docked to the foot of the page. */
export function BatchBar({ batch, onDismiss }: BatchBarProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const cancel = useCancelBatch();
  const retry = useRetryFailed();
  const count = (statuses: ReadonlySet<string>) =>
    JOB_STATUSES.filter((status) => statuses.has(status)).reduce(
      (sum, status) => sum + (batch.counts[status] ?? 0),
      0,
    );
  const done = batch.counts.completed ?? 0;
  const shown = JOB_STATUSES.filter((status) => (batch.counts[status] ?? 0) > 0);
  return (
    <aside
      aria-label={t("batch.title")}
      className="fixed inset-x-0 bottom-0 z-20 animate-rise border-t border-line bg-raised/95 backdrop-blur"
    >
      <Segments
        label={t("batch.progress")}
        segments={JOB_STATUSES.toReversed().map((status) => ({
          tone: JOB_TONES[status],
          count: batch.counts[status] ?? 0,
          label: t(`status.job.${status}`),
        }))}
      />
      <div className="mx-auto flex max-w-480 flex-wrap items-center gap-x-5 gap-y-1 px-5 py-2.5 text-xs lg:px-8">
        <p className="text-[0.8125rem] font-semibold" role="status">
          {batch.done ? t("batch.done") : t("batch.of", { done, total: batch.total })}
        </p>
        <ul className="flex flex-wrap gap-x-4">
          {shown.map((status) => (
            <li key={status}>
              <Badge tone={JOB_TONES[status]}>
                {t(`status.job.${status}`)} {batch.counts[status]}
              </Badge>
            </li>
          ))}
        </ul>
        {!batch.done && <BatchForecast batch={batch} />}
        {batch.stuck && <p className="text-tone-warn">{t("batch.stuck")}</p>}
        <div className="ml-auto flex items-center gap-1.5">
          {count(WAITING) > 0 && (
            <Button look="quiet" size="sm" icon={<CircleHelp />} onClick={() => setAsking(true)}>
              {t("batch.why")}
            </Button>
          )}
          {count(RETRYABLE) > 0 && (
            <Button
              size="sm"
              icon={<RotateCcw />}
              busy={retry.isPending}
              onClick={() => retry.mutate(batch.id)}
            >
              {t("batch.retryFailed")}
            </Button>
          )}
          <Link
            to="/jobs"
            search={{ batch: batch.id }}
            className="px-2 text-soft underline-offset-4 hover:text-ink hover:underline"
          >
            {t("batch.showJobs")}
          </Link>
          {batch.done ? (
            <IconButton size="sm" label={t("batch.dismiss")} onClick={onDismiss}>
              <X />
            </IconButton>
          ) : (
            <Button
              look="danger"
              size="sm"
              busy={cancel.isPending}
              onClick={() => cancel.mutate({ path: { batch_id: batch.id } })}
            >
              {t("batch.cancel")}
            </Button>
          )}
        </div>
      </div>
      <WhyWaiting batchId={batch.id} open={asking} onClose={() => setAsking(false)} />
    </aside>
  );
}
