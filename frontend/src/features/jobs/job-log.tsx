import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { RefreshCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { showLogOptions } from "@/api";
import { useJobProgress } from "@/api/live/progress";
import { IconButton } from "@/ui/button";
import { Input } from "@/ui/field";
import { Section } from "@/ui/heading";
import { Failed, Loading } from "@/ui/states";

const LEVELS: Record<string, string> = {
  warning: "text-tone-warn",
  error: "text-tone-bad",
  critical: "text-tone-bad",
};

/** The lines of all attempts. It is read again whenever the job tells of progress. */
export function JobLog({ jobId }: { jobId: string }) {
  const { t } = useTranslation();
  const told = useJobProgress(jobId);
  const { refetch, ...log } = useQuery({ ...showLogOptions({ path: { job_id: jobId } }), staleTime: 0 });
  useEffect(() => {
    if (told !== undefined) void refetch({ cancelRefetch: false });
  }, [told, refetch]);

  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const lines = (log.data?.rows ?? []).filter(({ text }) => text.toLowerCase().includes(wanted));
  const end = useRef<HTMLDivElement>(null);
  const count = log.data?.rows.length;
  useEffect(() => {
    if (end.current) end.current.scrollTop = end.current.scrollHeight;
  }, [count]);

  return (
    <Section
      title={t("job.log")}
      tools={
        <div className="flex items-center gap-2">
          {wanted && <span className="text-xs text-faint">{t("job.found", { count: lines.length })}</span>}
          <Input
            type="search"
            className="h-7! w-44!"
            aria-label={t("job.searchLog")}
            placeholder={t("job.searchLog")}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <IconButton size="sm" label={t("job.reloadLog")} onClick={() => void refetch()}>
            <RefreshCw />
          </IconButton>
        </div>
      }
    >
      {log.isPending && <Loading className="py-4" />}
      {log.isError && <Failed error={log.error} onRetry={() => void refetch()} />}
      {log.data?.rows.length === 0 && <p className="text-[0.8125rem] text-faint">{t("job.noLog")}</p>}
      {log.data !== undefined && log.data.rows.length > 0 && (
        <div
          ref={end}
          role="log"
          tabIndex={0}
          aria-label={t("job.log")}
          className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs leading-relaxed"
        >
          {lines.length === 0 && <p className="text-faint">{t("job.noneFound")}</p>}
          {lines.map((line) => (
            <p
              key={line.id}
              className={clsx("break-words whitespace-pre-wrap", LEVELS[line.level] ?? "text-soft")}
            >
              <span className="text-faint select-none">
                {line.time.slice(11, 19)} #{line.attempt}{" "}
              </span>
              {line.text}
            </p>
          ))}
        </div>
      )}
    </Section>
  );
}
