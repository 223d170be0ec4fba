import clsx from "clsx";
import { LogOut, Pause, Play, Settings2 } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { WorkerView } from "@/api";
import { lastHeard } from "@/api/live/metrics";
import { WISH_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatAgo } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge, Chip } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { useWish } from "./acts";
import { DeviceLine } from "./device-line";
import { STANDING_TONES, type Standing, stagedOnly, standingOf } from "./standing";
import { workerCan } from "./worker-can";

export interface WorkerProps {
  worker: WorkerView;
  silent: boolean;
  /** Ids of the devices in the charts. */
  charted: string;
  onChart: (deviceId: string) => void;
  onOpen: (workerId: string) => void;
}

export const WorkerCard = memo(function WorkerCard({
  worker,
  silent,
  charted,
  onChart,
  onOpen,
}: WorkerProps) {
  const { t } = useTranslation();
  const standing = standingOf(worker, silent);
  return (
    <article
      data-worker={worker.node_id}
      data-standing={standing}
      className={clsx(
        "flex w-full flex-col gap-3 rounded-xl border bg-surface p-4",
        STANDING_TONES[standing] === "bad" ? "border-tone-bad" : "border-line",
      )}
    >
      <header>
        <div className="flex items-center gap-3">
          <h2 className="truncate text-base font-semibold">{worker.node_id}</h2>
          <WorkerBadges worker={worker} standing={standing} />
          <IconButton
            size="sm"
            label={t("manage.open", { name: worker.node_id })}
            className="ml-auto"
            onClick={() => onOpen(worker.id)}
          >
            <Settings2 />
          </IconButton>
        </div>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-faint">
          <span>{worker.hostname}</span>
          <span aria-hidden>·</span>
          <Heartbeat worker={worker} />
        </p>
        <Labels worker={worker} />
        {worker.status === "error" && <p className="mt-1.5 text-xs text-tone-bad">{worker.message}</p>}
      </header>
      {worker.devices.map((device) => (
        <DeviceLine
          key={device.id}
          device={device}
          charted={charted.split(" ").includes(device.id)}
          onChart={onChart}
        />
      ))}
      <div className="mt-auto flex flex-wrap gap-2 border-t border-line pt-3">
        <Wishes worker={worker} />
      </div>
    </article>
  );
});

export function WorkerBadges({ worker, standing }: { worker: WorkerView; standing: Standing }) {
  const { t } = useTranslation();
  return (
    <>
      <Badge tone={STANDING_TONES[standing]}>{t(`workers.standing.${standing}`)}</Badge>
      {worker.wish !== "none" && standing !== "left" && (
        <Badge tone={WISH_TONES[worker.wish]}>{t(`status.wish.${worker.wish}`)}</Badge>
      )}
      {!worker.is_open && <Badge tone="warn">{t("workers.closed")}</Badge>}
      {worker.blocks.length > 0 && (
        <Badge tone="bad">{t("workers.blocked", { count: worker.blocks.length })}</Badge>
      )}
    </>
  );
}

function Labels({ worker }: { worker: WorkerView }) {
  const { t } = useTranslation();
  const staged = stagedOnly(worker);
  if (!worker.pool && worker.tags.length === 0 && staged.length === 0) return null;
  return (
    <p className="mt-2 flex flex-wrap gap-1">
      {worker.pool && <Chip>{t("workers.pool", { name: worker.pool })}</Chip>}
      {worker.tags.map((tag) => (
        <Chip key={tag}>#{tag}</Chip>
      ))}
      {staged.map((bundle) => (
        <Chip key={bundle} title={t("workers.stagedHelp")}>
          RAM · {bundle}
        </Chip>
      ))}
    </p>
  );
}

export function Heartbeat({ worker: { id, last_heartbeat } }: { worker: WorkerView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow();
  const told = Math.max((lastHeard(id) ?? 0) * 1000, last_heartbeat ? Date.parse(last_heartbeat) : 0);
  if (told === 0) return t("workers.never");
  return t("workers.heartbeat", { ago: formatAgo(new Date(told).toISOString(), now, language) });
}

export function Wishes({ worker }: { worker: WorkerView }) {
  const { t } = useTranslation();
  const { ask, isPending } = useWish(worker);
  const why = (key: ReturnType<typeof workerCan.pause>) => key && t(key);
  return (
    <>
      {workerCan.resume(worker) === undefined ? (
        <Button size="sm" look="primary" icon={<Play />} busy={isPending} onClick={() => ask("none")}>
          {t("workers.resume")}
        </Button>
      ) : (
        <Button
          size="sm"
          icon={<Pause />}
          busy={isPending}
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
        busy={isPending}
        why={why(workerCan.drain(worker))}
        title={t("workers.drainHelp")}
        onClick={() => ask("draining")}
      >
        {t("workers.drain")}
      </Button>
    </>
  );
}
