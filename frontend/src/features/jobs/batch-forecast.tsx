import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type BatchView, forecastBatchOptions } from "@/api";
import { useLanguage } from "@/i18n";

/** When the batch will have ended. Asked anew with each hundredth of it that is done. */
export function BatchForecast({ batch }: { batch: BatchView }) {
  const language = useLanguage();
  const { data, refetch } = useQuery(forecastBatchOptions({ path: { batch_id: batch.id } }));
  const percent = Math.floor(batch.progress * 100);
  useEffect(() => void refetch(), [percent, refetch]);
  return data ? <p className="text-soft">{data.text[language]}</p> : null;
}
