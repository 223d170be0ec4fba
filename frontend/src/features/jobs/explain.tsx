import { useQuery } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { explainJobOptions } from "@/api";
import { useLanguage } from "@/i18n";
import { Failed, Loading } from "@/ui/states";

/** Where a job stands, and what each device says to it. */
export function Explain({ jobId }: { jobId: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const explanation = useQuery({ ...explainJobOptions({ path: { job_id: jobId } }), staleTime: 0 });
  if (explanation.isPending) return <Loading className="py-4" />;
  if (explanation.isError)
    return <Failed error={explanation.error} onRetry={() => void explanation.refetch()} />;
  const { summary, devices = [] } = explanation.data;
  return (
    <>
      <p className="text-[0.8125rem]">{summary[language]}</p>
      {devices.length > 0 && (
        <ul aria-label={t("job.devices")} className="mt-3 divide-y divide-line rounded-lg border border-line">
          {devices.map((verdict) => (
            <li key={`${verdict.worker_id} ${verdict.device_id}`} className="flex gap-2.5 px-3 py-2 text-xs">
              {verdict.fits ? (
                <Check className="mt-0.5 size-3.5 shrink-0 text-tone-good" aria-label={t("job.fits")} />
              ) : (
                <X className="mt-0.5 size-3.5 shrink-0 text-tone-warn" aria-hidden />
              )}
              <div>
                <p className="font-medium">
                  {verdict.worker} <span className="font-normal text-faint">{verdict.device}</span>
                </p>
                <p className="text-soft">{verdict.reason[language]}</p>
                {verdict.fix && <p className="text-soft">{verdict.fix[language]}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
