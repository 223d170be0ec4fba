import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LogOut, Pause, Play } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { listWorkersQueryKey, type WorkerView, type WorkerWish, wishWorkerMutation } from "@/api";
import { WISH_TONES, WORKER_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatAgo, formatGigabytes } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge, Chip } from "@/ui/badge";
import { Button } from "@/ui/button";
import { useErrorText } from "@/ui/states";
import { DeviceLine } from "./device-line";
import { Meter } from "./meter";
import { workerCan } from "./worker-can";

interface WorkerCardProps {
  worker: WorkerView;
  /** The name of a job, by id. */
  jobName: (id: string) => string;
}

export function WorkerCard({ worker, jobName }: WorkerCardProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <article className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-4">
      <header>
        <div className="flex items-center gap-3">
          <h2 className="truncate text-base font-semibold">{worker.node_id}</h2>
          <Badge tone={WORKER_TONES[worker.status]}>{t(`status.worker.${worker.status}`)}</Badge>
          {worker.wish !== "none" && (
            <Badge tone={WISH_TONES[worker.wish]}>{t(`status.wish.${worker.wish}`)}</Badge>
          )}
        </div>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-faint">
          <span>{worker.hostname}</span>
          <span aria-hidden>·</span>
          <Heartbeat at={worker.last_heartbeat} />
        </p>
        {worker.message && <p className="mt-1.5 text-xs text-tone-bad">{worker.message}</p>}
      </header>
      {worker.devices.map((device) => (
        <DeviceLine key={device.id} device={device} jobName={jobName} />
      ))}
      {worker.host && (
        <div className="grid grid-cols-2 gap-4">
          <Meter label={t("workers.cpu")} value={(worker.host.cpu_percent ?? 0) / 100} />
          <Meter
            label={t("workers.ram")}
            value={worker.host.ram_total_gb ? (worker.host.ram_used_gb ?? 0) / worker.host.ram_total_gb : 0}
            said={`${formatGigabytes(worker.host.ram_used_gb ?? 0, language)} / ${formatGigabytes(worker.host.ram_total_gb ?? 0, language)} GB`}
          />
        </div>
      )}
      <div className="flex flex-wrap gap-1">
        {worker.pool && <Chip>{t("workers.pool", { name: worker.pool })}</Chip>}
        <Chip title={worker.capabilities.join("\n")}>
          {t("workers.workflows", { count: worker.capabilities.length })}
        </Chip>
        {worker.host && (
          <Chip>{t("workers.disk", { gb: formatGigabytes(worker.host.disk_free_gb ?? 0, language) })}</Chip>
        )}
        {worker.resident.length > 0 && (
          <Chip title={worker.resident.join("\n")}>
            {t("workers.resident")} {worker.resident.length}
          </Chip>
        )}
      </div>
      <Wishes worker={worker} />
    </article>
  );
}

function Heartbeat({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  return (
    <span>
      {at === null ? t("workers.never") : t("workers.heartbeat", { ago: formatAgo(at, now, language) })}
    </span>
  );
}

function Wishes({ worker }: { worker: WorkerView }) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const wish = useMutation({
    ...wishWorkerMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: ({ node_id, wish: wished }) => {
      void client.invalidateQueries({ queryKey: listWorkersQueryKey() });
      toast.success(t("workers.wished", { name: node_id, wish: t(`status.wish.${wished}`) }));
    },
  });
  const ask = (wished: WorkerWish) => wish.mutate({ path: { worker_id: worker.id }, body: { wish: wished } });
  const why = (key: ReturnType<typeof workerCan.pause>) => key && t(key);
  return (
    <div className="mt-auto flex flex-wrap gap-2 border-t border-line pt-3">
      {workerCan.resume(worker) === undefined ? (
        <Button size="sm" look="primary" icon={<Play />} busy={wish.isPending} onClick={() => ask("none")}>
          {t("workers.resume")}
        </Button>
      ) : (
        <Button
          size="sm"
          icon={<Pause />}
          busy={wish.isPending}
          why={why(workerCan.pause(worker))}
          title={t("workers.pauseHelp")}
          onClick={() => ask("paused")}
        >
          {t("workers.pause")}
        </Button>
      )}
      <Button
        size="sm"
        icon={<LogOut />}
        busy={wish.isPending}
        why={why(workerCan.drain(worker))}
        title={t("workers.drainHelp")}
        onClick={() => ask("draining")}
      >
        {t("workers.drain")}
      </Button>
    </div>
  );
}
