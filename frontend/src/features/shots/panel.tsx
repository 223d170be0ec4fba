import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { JobView, ShotView } from "@/api";
import { useJobPreview, useJobProgress } from "@/api/live/progress";
import { ACTIVE } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatPercent } from "@/lib/format";
import { Ring } from "@/ui/progress";

interface PanelProps {
  shot: ShotView;
  job: JobView | undefined;
  /** Width by height of the project. */
  aspect: string;
  large?: boolean;
  className?: string;
}

/** The picture of a shot: what is confirmed, or what is being drawn right now. */
export function Panel({ shot, job, aspect, large, className }: PanelProps) {
  const { t } = useTranslation();
  const preview = useJobPreview(job?.id);
  const picture = large ? (shot.generated_image ?? shot.thumbnail_url) : shot.thumbnail_url;
  const source = preview ?? picture;
  const active = job !== undefined && ACTIVE.has(job.status);
  return (
    <div
      className={clsx("relative overflow-hidden rounded-md bg-sunken ring-1 ring-line ring-inset", className)}
      // large: the whole picture with its caption; small: the frame alone, which stands above the caption
      style={large && source !== null ? undefined : { aspectRatio: aspect }}
    >
      {source !== null && (
        <img
          key={picture ?? "preview"}
          src={source}
          alt={t("shots.panelOf", { code: shot.code })}
          className={clsx(
            "w-full animate-appear",
            !large && "absolute inset-0 h-full object-cover object-top",
            active && "brightness-75",
          )}
        />
      )}
      {source === null && !active && (
        <span className="absolute inset-0 flex items-center justify-center text-xs text-faint">
          {job === undefined ? t("shots.noPanel") : t(`status.job.${job.status}`)}
        </span>
      )}
      {active && <Progress job={job} large={large} />}
    </div>
  );
}

function Progress({ job, large }: { job: JobView; large: boolean | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const told = useJobProgress(job.id);
  const fraction = told?.fraction ?? job.progress;
  return (
    <div className="absolute inset-0 flex items-center justify-center">
      <Ring value={fraction} label={t("jobs.column.progress")} size={large ? 64 : 34} />
      <span className={clsx("absolute font-medium text-white", large ? "text-sm" : "text-[0.5625rem]")}>
        {formatPercent(fraction, language)}
      </span>
    </div>
  );
}
