import { useTranslation } from "react-i18next";
import type { AttemptView } from "@/api";
import type { Tone } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatTook } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge, FILL } from "@/ui/badge";

const TONES: Record<AttemptView["status"], Tone> = {
  assigned: "idle",
  running: "active",
  completed: "good",
  failed: "bad",
  canceled: "idle",
  lost: "warn",
};

/** Each try at a job: when it ran within all of them, where, and how it ended. */
export function Attempts({ attempts }: { attempts: readonly AttemptView[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1000);
  const end = (attempt: AttemptView) => (attempt.finished_at ? Date.parse(attempt.finished_at) : now);
  const from = Math.min(...attempts.map(({ created_at }) => Date.parse(created_at)));
  const whole = Math.max(1, Math.max(...attempts.map(end)) - from);
  return (
    <ol aria-label={t("job.timeline")} className="divide-y divide-line rounded-lg border border-line text-xs">
      {attempts.map((attempt) => (
        <li key={attempt.number} className="px-3 py-2">
          <p className="flex flex-wrap items-center gap-x-3">
            <span className="font-medium">{t("jobs.attempt", { number: attempt.number })}</span>
            <Badge tone={TONES[attempt.status]}>{t(`job.attemptStatus.${attempt.status}`)}</Badge>
            <span className="text-soft">{attempt.worker}</span>
            <span className="ml-auto text-soft">
              {formatTook(attempt.created_at, end(attempt), language)}
            </span>
          </p>
          <div aria-hidden className="relative my-1.5 h-1.5 rounded-full bg-line">
            <div
              className={`absolute inset-y-0 min-w-1 rounded-full ${FILL[TONES[attempt.status]]}`}
              style={{
                left: `${((Date.parse(attempt.created_at) - from) / whole) * 100}%`,
                width: `${((end(attempt) - Date.parse(attempt.created_at)) / whole) * 100}%`,
              }}
            />
          </div>
          <p className="text-faint">
            {[
              attempt.failure_kind && t(`failure.${attempt.failure_kind}`),
              attempt.variant,
              attempt.warmth && t(`warmth.${attempt.warmth}`),
              attempt.peak_ram_gb !== null && `RAM ${attempt.peak_ram_gb.toFixed(1)} GB`,
              attempt.peak_vram_gb !== null && `VRAM ${attempt.peak_vram_gb.toFixed(1)} GB`,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {attempt.message && <p className="mt-0.5 text-soft">{attempt.message}</p>}
          {Object.keys(attempt.recipe).length > 0 && (
            <details className="mt-1">
              <summary className="cursor-pointer text-soft">{t("job.recipe")}</summary>
              <pre tabIndex={0} className="mt-1 max-h-60 overflow-auto rounded bg-sunken p-2 text-2xs">
                {JSON.stringify(attempt.recipe, null, 2)}
              </pre>
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
