import { useTranslation } from "react-i18next";
import type { AdView } from "@/api";
import { ACTIVE, RETRYABLE } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatSpan } from "@/lib/format";
import { Bar } from "@/ui/progress";
import { Notice } from "@/ui/states";
import { AD_TONES } from "./ad-status";
import { stageName, stagesOf } from "./stages";

/** How far an ad is, what is being done, and about how long it takes yet; why it does not go on where it does not. */
export function ProgressLine({ ad }: { ad: AdView }) {
  const { t } = useTranslation("ads");
  const language = useLanguage();
  const { status, eta_seconds: left } = ad;
  if (status === "failed") return <Failure ad={ad} />;
  if (status === "stopped") return <Notice>{ad.message}</Notice>;
  if (status === "completed") return null;
  const running = ad.branches
    .flatMap((branch) => stagesOf(ad, branch))
    .find((stage) => ACTIVE.has(stage.status));
  return (
    <div className="grid gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-xs">
        <p role="status" className="min-w-0 truncate">
          {running ? t("progress.doing", { stage: t(`stages.${stageName(running.key)}`) }) : ad.message}
        </p>
        <p className="shrink-0 text-faint">
          {left !== null && left >= 1 && t("progress.left", { span: formatSpan(left, language) })}
        </p>
      </div>
      <Bar value={ad.progress_percent / 100} tone={AD_TONES[status]} label={t("progress.title")} />
    </div>
  );
}

/** In which stage it failed, what the worker said, and what can be done. */
function Failure({ ad }: { ad: AdView }) {
  const { t } = useTranslation("ads");
  const failed = ad.branches
    .flatMap((branch) => stagesOf(ad, branch))
    .find(({ status }) => RETRYABLE.has(status));
  return (
    <Notice tone="bad">
      <p className="font-semibold">
        {t("failed.in", { stage: t(`stages.${stageName(failed?.key ?? "")}`) })}
      </p>
      <p>{ad.error ?? ad.message}</p>
      {failed?.key !== "cut_out" && <p className="mt-1 text-soft">{t("failed.help")}</p>}
    </Notice>
  );
}
