import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type BatchView, forecastBatchOptions } from "@/api";
import { useLanguage } from "@/i18n";

/** When the batch will have ended. Asked anew with each hundredth of it that is done. */
export function BatchForecast({ batch }: { batch: BatchView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, refetch } = useQuery(forecastBatchOptions({ path: { batch_id: batch.id } }));
  const percent = Math.floor(batch.progress * 100);
  useEffect(() => void refetch(), [percent, refetch]);
  if (data === undefined) return null;
  return <p className="text-soft">{data.job_id ? t("batch.notNow") : data.text[language]}</p>;
}
