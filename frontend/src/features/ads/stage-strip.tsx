import clsx from "clsx";
import { Check, CircleDashed, LoaderCircle, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AdStageView } from "@/api";
import { useJobPreview, useJobProgress } from "@/api/live/progress";
import { ACTIVE, JOB_TONES } from "@/api/statuses";
import { Bar } from "@/ui/progress";
import { Picture } from "./picture";
import { stageName } from "./stages";

interface StageStripProps {
  stages: readonly AdStageView[];
  /** Key of the stage that is shown large. */
  shown: string | undefined;
  onShow: (key: string | undefined) => void;
}

/** The stages side by side with what each has made; one that is pressed is shown large. */
export function StageStrip({ stages, shown, onShow }: StageStripProps) {
  const { t } = useTranslation("ads");
  return (
    <ol aria-label={t("stages.title")} className="grid grid-cols-[repeat(auto-fit,minmax(6.5rem,1fr))] gap-2">
      {stages.map((stage) => (
        <li key={stage.key} data-stage={stage.key} data-status={stage.status} className="min-w-0">
          <Tile stage={stage} shown={stage.key === shown} onShow={onShow} />
        </li>
      ))}
    </ol>
  );
}

function Tile(props: { stage: AdStageView; shown: boolean; onShow: StageStripProps["onShow"] }) {
  const { t } = useTranslation(["ads", "translation"]);
  const { stage, shown, onShow } = props;
  const { status } = stage;
  const running = ACTIVE.has(status);
  const live = useJobProgress(running ? stage.job_id : undefined);
  const preview = useJobPreview(running ? stage.job_id : undefined);
  const url = stage.picture?.thumbnail_url ?? stage.picture?.url ?? preview;
  const name = t(`stages.${stageName(stage.key)}`);
  const word = t(`status.job.${status}`, { ns: "translation" });
  return (
    <button
      type="button"
      aria-pressed={shown}
      disabled={stage.picture === null}
      title={stage.message || word}
      onClick={() => onShow(shown ? undefined : stage.key)}
      className={clsx(
        "w-full overflow-hidden rounded-lg border text-left",
        shown ? "border-accent ring-1 ring-accent" : "border-line enabled:hover:border-line-strong",
      )}
    >
      <span className="relative flex aspect-4/3 items-center justify-center overflow-hidden bg-sunken text-faint">
        {url ? (
          <Picture url={url} alt="" className="size-full object-contain" />
        ) : status === "canceled" ? (
          <span className="text-2xs">{t("stages.notReached")}</span>
        ) : (
          <Sign status={status} />
        )}
      </span>
      <span className="flex items-center gap-1.5 px-2 py-1 text-xs">
        {url && <Sign status={status} />}
        <span className="truncate">{name}</span>
        <span className="sr-only">{word}</span>
      </span>
      <span className={clsx("block", !running && "invisible")}>
        <Bar value={live?.fraction ?? stage.progress} tone={JOB_TONES[status]} label={name} />
      </span>
    </button>
  );
}

function Sign({ status }: { status: AdStageView["status"] }) {
  const look = "size-3.5 shrink-0";
  if (status === "completed") return <Check aria-hidden className={clsx(look, "text-tone-good")} />;
  if (ACTIVE.has(status))
    return <LoaderCircle aria-hidden className={clsx(look, "animate-spin text-tone-active")} />;
  if (status === "failed" || status === "quarantined")
    return <TriangleAlert aria-hidden className={clsx(look, "text-tone-bad")} />;
  return <CircleDashed aria-hidden className={look} />;
}
