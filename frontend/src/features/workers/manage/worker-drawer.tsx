import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { WorkerView } from "@/api";
import { useLanguage } from "@/i18n";
import { formatGigabytes, formatTime } from "@/lib/format";
import { Badge, Chip } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Fact, Section } from "@/ui/heading";
import { Drawer } from "@/ui/overlay";
import { useManage } from "@/features/workers/acts";
import { Wishes } from "@/features/workers/worker-card";
import { ScheduleEditor } from "./schedule-editor";

/** Everything that a wrangler decides of one worker. */
export function WorkerDrawer({ worker, onClose }: { worker: WorkerView | undefined; onClose: () => void }) {
  return worker === undefined ? null : <Open key={worker.id} worker={worker} onClose={onClose} />;
}

function Open({ worker, onClose }: { worker: WorkerView; onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const manage = useManage(worker);
  const { versions, host } = worker;
  return (
    <Drawer open onClose={onClose} title={worker.node_id} description={worker.hostname}>
      <div className="mb-5 flex gap-2">
        <Wishes worker={worker} />
      </div>
      <Section title={t("manage.troubles")}>
        <Troubles worker={worker} busy={manage.isPending} onForgive={manage.forgive} />
      </Section>
      <Section title={t("manage.labels")}>
        <Labels worker={worker} />
      </Section>
      <Section title={t("manage.schedule")}>
        <ScheduleEditor schedule={worker.schedule} busy={manage.isPending} onSave={manage.schedule} />
      </Section>
      <Section title={t("manage.box")}>
        <dl className="grid grid-cols-3 gap-3">
          {host && (
            <>
              <Fact label={t("workers.ram")}>{formatGigabytes(host.ram_total_gb ?? 0, language)} GB</Fact>
              <Fact label={t("manage.disk")}>{formatGigabytes(host.disk_free_gb ?? 0, language)} GB</Fact>
            </>
          )}
          <Fact label="ComfyUI">{worker.comfy_url ?? "–"}</Fact>
          {Object.entries(versions).map(([name, version]) => (
            <Fact key={name} label={name}>
              {version}
            </Fact>
          ))}
        </dl>
      </Section>
      <Section title={t("manage.workflows", { count: worker.capabilities.length })}>
        <p className="flex flex-wrap gap-1">
          {worker.capabilities.map((name) => (
            <Chip key={name}>{name}</Chip>
          ))}
        </p>
      </Section>
      {Object.keys(worker.lacking).length > 0 && (
        <Section title={t("manage.lacking")}>
          <dl className="flex flex-col gap-2 text-sm">
            {Object.entries(worker.lacking).map(([name, reason]) => (
              <div key={name}>
                <dt className="text-soft">{name}</dt>
                <dd className="break-words">{reason}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      <p className="mt-6 text-xs text-faint">
        {worker.last_heartbeat && formatTime(worker.last_heartbeat, language)}
      </p>
    </Drawer>
  );
}

interface TroublesProps {
  worker: WorkerView;
  busy: boolean;
  onForgive: (batch: string | null) => void;
}

function Troubles({ worker, busy, onForgive }: TroublesProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const sick = worker.devices.filter(({ sick_until }) => sick_until !== null);
  if (sick.length === 0 && worker.blocks.length === 0)
    return <p className="text-xs text-faint">{t("manage.noTroubles")}</p>;
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line text-xs">
        {sick.map(({ id, name, sick_until }) => (
          <li key={id} className="px-3 py-2">
            <Badge tone="bad">{t("workers.sick")}</Badge> {name}
            <p className="text-faint">
              {t("manage.sickUntil", { time: sick_until && formatTime(sick_until, language) })}
            </p>
          </li>
        ))}
        {worker.blocks.map(({ batch_id, until }) => (
          <li key={batch_id} className="flex items-center gap-3 px-3 py-2">
            <div className="min-w-0 flex-1">
              <Link to="/jobs" search={{ batch: batch_id }} className="underline underline-offset-2">
                {t("manage.blockedBatch")}
              </Link>
              <p className="text-faint">{t("manage.blockedUntil", { time: formatTime(until, language) })}</p>
            </div>
            <Button size="sm" busy={busy} onClick={() => onForgive(batch_id)}>
              {t("manage.forgive")}
            </Button>
          </li>
        ))}
      </ul>
      <Button className="mt-2" busy={busy} onClick={() => onForgive(null)}>
        {t("manage.forgiveAll")}
      </Button>
    </>
  );
}

function Labels({ worker }: { worker: WorkerView }) {
  const { t } = useTranslation();
  const manage = useManage(worker);
  const [pool, setPool] = useState(worker.assigned_pool ?? "");
  const [tags, setTags] = useState(worker.tags.join(", "));
  const wanted = tags
    .split(",")
    .map((tag) => tag.trim())
    .filter(Boolean);
  function save(event: FormEvent) {
    event.preventDefault();
    if (pool.trim() !== (worker.assigned_pool ?? "")) manage.move(pool.trim() || null);
    if (wanted.join(",") !== worker.tags.join(",")) manage.tag(wanted);
  }
  return (
    <form onSubmit={save} className="grid grid-cols-[1fr_1fr_auto] items-end gap-3">
      <Field label={t("manage.pool")}>
        {(ids) => (
          <Input
            {...ids}
            maxLength={60}
            value={pool}
            placeholder={worker.pool ?? t("manage.noPool")}
            onChange={(event) => setPool(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("manage.tags")}>
        {(ids) => <Input {...ids} value={tags} onChange={(event) => setTags(event.target.value)} />}
      </Field>
      <Button type="submit" busy={manage.isPending}>
        {t("manage.save")}
      </Button>
    </form>
  );
}
