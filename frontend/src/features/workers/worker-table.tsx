import { Settings2 } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceView } from "@/api";
import { useReading } from "@/api/live/metrics";
import { useLanguage } from "@/i18n";
import { formatGigabytes } from "@/lib/format";
import { IconButton } from "@/ui/button";
import { Bar } from "@/ui/progress";
import { DeviceJobs } from "./device-jobs";
import { ChartToggle } from "./device-line";
import { STANDING_TONES, standingOf } from "./standing";
import { Heartbeat, WorkerBadges, type WorkerProps } from "./worker-card";

const COLUMNS = [
  "worker",
  "device",
  "utilisation",
  "memory",
  "temperature",
  "power",
  "models",
  "job",
  "heartbeat",
  "tools",
] as const;
const CELL = "px-2.5 py-1.5 align-top";

/** A row a device: for a farm that is too large for cards. */
export function WorkerTable({ workers }: { workers: readonly WorkerProps[] }) {
  const { t } = useTranslation();
  return (
    <div className="mt-5 overflow-x-auto rounded-xl border border-line bg-surface" tabIndex={0}>
      <table className="w-full min-w-260 text-xs">
        <thead className="text-left text-2xs text-faint">
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={`${CELL} border-b border-line font-medium`}>
                {t(`workers.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {workers.map((props) => (
          <Rows key={props.worker.id} {...props} />
        ))}
      </table>
    </div>
  );
}

const Rows = memo(function Rows({ worker, silent, charted, onChart, onOpen }: WorkerProps) {
  const { t } = useTranslation();
  const standing = standingOf(worker, silent);
  return (
    <tbody
      data-worker={worker.node_id}
      data-standing={standing}
      className={`border-b border-line last:border-0 ${STANDING_TONES[standing] === "bad" ? "bg-fill-bad/8" : ""}`}
    >
      {worker.devices.map((device, place) => (
        <tr key={device.id}>
          {place === 0 && (
            <th
              scope="rowgroup"
              rowSpan={worker.devices.length}
              className={`${CELL} max-w-48 text-left font-normal`}
            >
              <p className="truncate text-[0.8125rem] font-semibold">{worker.node_id}</p>
              <span className="flex flex-wrap gap-x-2">
                <WorkerBadges worker={worker} standing={standing} />
              </span>
              {worker.pool && <p className="text-faint">{t("workers.pool", { name: worker.pool })}</p>}
            </th>
          )}
          <td className={`${CELL} max-w-52`}>
            <p className="truncate" title={device.id}>
              {device.name}
              {device.kind !== "cpu" && <span className="text-faint"> #{device.index}</span>}
            </p>
            <p className="timecode truncate text-2xs text-faint">{device.id}</p>
          </td>
          <ReadingCells device={device} />
          <td className={`${CELL} max-w-40 truncate text-soft`}>
            {(device.metrics?.resident ?? []).join(", ") || "–"}
          </td>
          <td className={`${CELL} w-56 max-w-56`}>
            <DeviceJobs deviceId={device.id} />
          </td>
          <td className={`${CELL} whitespace-nowrap text-faint`}>
            <Heartbeat worker={worker} />
          </td>
          <td className={`${CELL} whitespace-nowrap`}>
            <ChartToggle device={device} charted={charted.split(" ").includes(device.id)} onChart={onChart} />
            {place === 0 && (
              <IconButton
                size="sm"
                label={t("manage.open", { name: worker.node_id })}
                onClick={() => onOpen(worker.id)}
              >
                <Settings2 />
              </IconButton>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  );
});

const NUMBER = `${CELL} text-right whitespace-nowrap tabular-nums`;

function ReadingCells({ device }: { device: DeviceView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { utilisation_percent, memory_used_gb, temperature_c, power_w } = useReading(device.id) ?? {};
  const round = (value: number | undefined, unit: string) =>
    value === undefined ? "–" : `${Math.round(value)}${unit}`;
  const share = (memory_used_gb ?? 0) / (device.memory_total_gb || 1);
  return (
    <>
      <td className={`${NUMBER} w-20`}>
        {round(utilisation_percent, "%")}
        <Bar value={(utilisation_percent ?? 0) / 100} tone="active" label={t("workers.utilisation")} />
      </td>
      <td className={`${NUMBER} w-28`}>
        {memory_used_gb === undefined ? "–" : formatGigabytes(memory_used_gb, language)} /{" "}
        {formatGigabytes(device.memory_total_gb, language)} GB
        <Bar value={share} tone={share > 0.92 ? "warn" : "done"} label={t("workers.vram")} />
      </td>
      <td className={NUMBER}>{round(temperature_c, "°")}</td>
      <td className={NUMBER}>{round(power_w, " W")}</td>
    </>
  );
}
