import clsx from "clsx";
import { ChartLine, Cpu, MemoryStick, Thermometer, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DeviceView } from "@/api";
import { useReading } from "@/api/live/metrics";
import { useLanguage } from "@/i18n";
import { formatGigabytes, formatPercent } from "@/lib/format";
import { Badge, Chip } from "@/ui/badge";
import { DeviceJobs } from "./device-jobs";
import { Meter } from "./meter";
import { Sparkline } from "./sparkline";

interface DeviceLineProps {
  device: DeviceView;
  /** Whether its readings are among those of the charts. */
  charted: boolean;
  onChart: (id: string) => void;
}

/** One GPU, or the box's CPU: what it is, what it does, how full it is. */
export function DeviceLine({ device, charted, onChart }: DeviceLineProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isGpu = device.kind !== "cpu";
  const resident = device.metrics?.resident ?? [];
  return (
    <section aria-label={device.name} className="rounded-lg border border-line bg-raised p-3">
      <p className="flex items-center gap-2 text-[0.8125rem] font-medium">
        {isGpu ? (
          <MemoryStick className="size-4 shrink-0 text-accent" aria-hidden />
        ) : (
          <Cpu className="size-4 shrink-0 text-accent" aria-hidden />
        )}
        <span className="truncate">{device.name}</span>
        {isGpu && <span className="text-xs font-normal text-faint">#{device.index}</span>}
        <span className="ml-auto text-xs font-normal whitespace-nowrap text-faint">
          {formatGigabytes(device.memory_total_gb, language)} GB
        </span>
        <ChartToggle device={device} charted={charted} onChart={onChart} />
      </p>
      <p className="timecode truncate text-2xs text-faint" title={device.id}>
        {device.id}
      </p>
      {device.sick_until && (
        <p className="mt-1">
          <Badge tone="bad">{t("workers.sick")}</Badge>
        </p>
      )}
      <div className="mt-2 space-y-1.5">
        <DeviceJobs deviceId={device.id} />
      </div>
      <div className="mt-2.5">
        <Sparkline deviceId={device.id} label={t("workers.sparkline")} />
      </div>
      <Readings device={device} />
      {resident.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-1">
          {resident.map((bundle) => (
            <Chip key={bundle} title={t(isGpu ? "workers.residentHelp" : "workers.residentInRamHelp")}>
              {bundle}
            </Chip>
          ))}
        </p>
      )}
    </section>
  );
}

export function ChartToggle({ device, charted, onChart }: DeviceLineProps) {
  const { t } = useTranslation();
  const label = t(charted ? "charts.drop" : "charts.choose", { name: device.name });
  return (
    <button
      type="button"
      aria-pressed={charted}
      aria-label={label}
      title={label}
      onClick={() => onChart(device.id)}
      className={clsx(
        "rounded p-1 hover:bg-hover [&_svg]:size-4",
        charted ? "bg-accent-soft text-accent" : "text-faint",
      )}
    >
      <ChartLine aria-hidden />
    </button>
  );
}

function Readings({ device }: { device: DeviceView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { utilisation_percent, memory_used_gb, temperature_c, power_w } = useReading(device.id) ?? {};
  const total = device.memory_total_gb;
  const share = memory_used_gb === undefined || total === 0 ? undefined : memory_used_gb / total;
  return (
    <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2">
      <Meter label={t("workers.utilisation")} value={utilisation_percent && utilisation_percent / 100} />
      <Meter
        label={t(device.kind === "cpu" ? "workers.ram" : "workers.vram")}
        value={share}
        mayOverflow
        {...(memory_used_gb !== undefined && {
          said: `${formatGigabytes(memory_used_gb, language)} GB · ${formatPercent(share ?? 0, language)}`,
        })}
      />
      {device.kind !== "cpu" && (
        <p className="col-span-2 flex gap-4 text-xs text-soft">
          <span className="flex items-center gap-1" title={t("workers.temperature")}>
            <Thermometer className="size-3.5 text-faint" aria-hidden />
            {temperature_c === undefined ? "–" : Math.round(temperature_c)} °C
          </span>
          <span className="flex items-center gap-1" title={t("workers.power")}>
            <Zap className="size-3.5 text-faint" aria-hidden />
            {power_w === undefined ? "–" : Math.round(power_w)} W
          </span>
        </p>
      )}
    </div>
  );
}
