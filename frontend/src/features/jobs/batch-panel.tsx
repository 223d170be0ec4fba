import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity, RotateCcw, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { type BatchView, listBatchesOptions, listWorkflowsOptions } from "@/api";
import { JOB_STATUSES, JOB_TONES, RETRYABLE } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { Button, IconButton } from "@/ui/button";
import { Popover } from "@/ui/popover";
import { Segments } from "@/ui/progress";
import { useCancelBatch, useRetryFailed } from "./batch-actions";
import { BatchForecast } from "./batch-forecast";

const SHOWN = 8;

/** The newest batches of a project: how far they are, when they end, and what can be done about them. */
export function BatchPanel({ project }: { project: string }) {
  const { t } = useTranslation();
  const rows = useQuery(listBatchesOptions({ query: { project, limit: 20 } })).data?.rows ?? [];
  const running = rows.filter(({ done }) => !done).length;
  if (rows.length === 0) return null;
  return (
    <Popover
      label={t("batch.newest")}
      trigger={
        <Button look="quiet" size="sm" icon={<Activity />}>
          {running > 0 ? t("batch.running", { count: running }) : t("batch.newest")}
        </Button>
      }
    >
      <ul className="flex w-96 max-w-full flex-col gap-3">
        {rows.slice(0, SHOWN).map((batch) => (
          <Batch key={batch.id} batch={batch} />
        ))}
      </ul>
    </Popover>
  );
}

function Batch({ batch }: { batch: BatchView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const workflows = useQuery(listWorkflowsOptions()).data?.rows;
  const cancel = useCancelBatch();
  const retry = useRetryFailed();
  const failed = [...RETRYABLE].some((status) => (batch.counts[status] ?? 0) > 0);
  return (
    <li className="text-xs">
      <div className="mb-1 flex items-center gap-2">
        <Link
          to="/jobs"
          search={{ batch: batch.id }}
          className="min-w-0 flex-1 truncate font-medium hover:underline"
        >
          {workflows?.find(({ name }) => name === batch.name)?.title[language] ?? batch.name}
        </Link>
        <span className="text-soft">
          {t("batch.of", { done: batch.counts.completed ?? 0, total: batch.total })}
        </span>
        {failed && (
          <IconButton
            size="sm"
            label={t("batch.retryFailed")}
            busy={retry.isPending}
            onClick={() => retry.mutate(batch.id)}
          >
            <RotateCcw />
          </IconButton>
        )}
        {!batch.done && (
          <IconButton
            size="sm"
            label={t("batch.cancel")}
            busy={cancel.isPending}
            onClick={() => cancel.mutate({ path: { batch_id: batch.id } })}
          >
            <X />
          </IconButton>
        )}
      </div>
      <Segments
        label={t("batch.progress")}
        segments={JOB_STATUSES.toReversed().map((status) => ({
          tone: JOB_TONES[status],
          count: batch.counts[status] ?? 0,
          label: t(`status.job.${status}`),
        }))}
      />
      {!batch.done && <BatchForecast batch={batch} />}
    </li>
  );
}
