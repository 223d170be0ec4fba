import { Cpu, MemoryStick, Thermometer, Zap } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DeviceView } from "@/api";
import { useJobProgress } from "@/api/live/progress";
import { useLanguage } from "@/i18n";
import { formatGigabytes, formatPercent } from "@/lib/format";
import { Bar } from "@/ui/progress";
import { Meter } from "./meter";

interface DeviceLineProps {
  device: DeviceView;
  jobName: (id: string) => string;
}

/** One GPU, or the box's CPU: what it is, what it does, how full it is. */
export function DeviceLine({ device, jobName }: DeviceLineProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { metrics } = device;
  const isGpu = device.kind !== "cpu";
  const used = metrics?.memory_used_gb;
  return (
    <section aria-label={device.name} className="rounded-lg border border-line bg-raised p-3">
      <p className="flex items-center gap-2 text-[0.8125rem] font-medium">
        {isGpu ? (
          <MemoryStick className="size-4 text-accent" aria-hidden />
        ) : (
          <Cpu className="size-4 text-accent" aria-hidden />
        )}
        <span className="truncate" title={device.id}>
          {device.name}
        </span>
        <span className="ml-auto text-xs font-normal whitespace-nowrap text-faint">
          {formatGigabytes(device.memory_total_gb, language)} GB
        </span>
      </p>
      <CurrentJob jobId={device.job_id} jobName={jobName} />
      {isGpu && metrics && (
        <div className="mt-3 grid grid-cols-2 gap-4">
          {used != null && device.memory_total_gb > 0 && (
            <Meter
              label={t("workers.vram")}
              value={used / device.memory_total_gb}
              said={`${formatGigabytes(used, language)} / ${formatGigabytes(device.memory_total_gb, language)} GB`}
            />
          )}
          {metrics.utilisation_percent != null && (
            <Meter label={t("workers.utilisation")} value={metrics.utilisation_percent / 100} />
          )}
          <p className="col-span-2 flex gap-4 text-xs text-soft">
            {metrics.temperature_c != null && (
              <span className="flex items-center gap-1" title={t("workers.temperature")}>
                <Thermometer className="size-3.5 text-faint" aria-hidden />{" "}
                {Math.round(metrics.temperature_c)} °C
              </span>
            )}
            {metrics.power_w != null && (
              <span className="flex items-center gap-1" title={t("workers.power")}>
                <Zap className="size-3.5 text-faint" aria-hidden /> {Math.round(metrics.power_w)} W
              </span>
            )}
          </p>
        </div>
      )}
    </section>
  );
}

function CurrentJob({ jobId, jobName }: { jobId: string | null; jobName: DeviceLineProps["jobName"] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const told = useJobProgress(jobId ?? undefined);
  if (jobId === null) return <p className="mt-1.5 text-xs text-faint">{t("workers.idle")}</p>;
  return (
    <div className="mt-2">
      <p className="mb-1 flex justify-between gap-2 text-xs">
        <span className="truncate text-tone-active">{jobName(jobId)}</span>
        <span className="text-soft">{formatPercent(told?.fraction ?? 0, language)}</span>
      </p>
      <Bar value={told?.fraction ?? 0} label={t("workers.currentJob")} />
    </div>
  );
}
