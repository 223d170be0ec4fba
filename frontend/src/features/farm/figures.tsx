import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FarmOverview } from "@/api";
import { useLanguage } from "@/i18n";
import { formatPercent, formatSpan } from "@/lib/format";
import { Segments } from "@/ui/progress";
import { perMinute } from "./stack";
import { STANDING_TONES, WARMTH_TONES } from "./tones";

const RATE_MINUTES = 10;

/** What a wrangler asks first: is it working, how fast, how long yet, with warm weights? */
export function Figures({ farm }: { farm: FarmOverview }) {
  const { t } = useTranslation(["farm", "translation"]);
  const language = useLanguage();
  const rate = perMinute(farm, RATE_MINUTES);
  const devices = farm.devices.reduce((sum, { count }) => sum + count, 0);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line lg:grid-cols-4 [&>*]:bg-surface">
      <Figure
        label={t("devices")}
        value={t("ofDevices", {
          busy: farm.devices.find(({ standing }) => standing === "busy")?.count ?? 0,
          count: devices,
        })}
        note={farm.devices.map(({ standing, count }) => `${t(`standing.${standing}`)} ${count}`).join(" · ")}
      >
        <Segments
          label={t("devices")}
          segments={farm.devices.map(({ standing, count }) => ({
            tone: STANDING_TONES[standing],
            count,
            label: t(`standing.${standing}`),
          }))}
        />
      </Figure>
      <Figure
        label={t("rate")}
        value={rate === undefined ? "–" : number.format(rate)}
        note={t("rateNote", { minutes: Math.max(RATE_MINUTES, farm.step_s / 60) })}
      />
      <Figure
        label={t("left")}
        value={farm.clears_in_s ? formatSpan(farm.clears_in_s.likely, language) : "–"}
        note={t("leftNote", {
          running: number.format(farm.running),
          queued: number.format(farm.queued),
          held: number.format(farm.held),
          blocked: number.format(farm.blocked),
        })}
      />
      <Figure
        label={t("warm")}
        value={farm.warm_ratio === null ? "–" : formatPercent(farm.warm_ratio, language)}
        note={
          farm.warmth.length === 0
            ? t("noWeights")
            : farm.warmth
                .map(({ warmth, count }) => `${t(`weights.${warmth}`)} ${number.format(count)}`)
                .join(" · ")
        }
      >
        {farm.warmth.length > 0 && (
          <Segments
            label={t("warm")}
            segments={farm.warmth.map(({ warmth, count }) => ({
              tone: WARMTH_TONES[warmth],
              count,
              label: t(`warmth.${warmth}`, { ns: "translation" }),
            }))}
          />
        )}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  label: string;
  value: string;
  note: string;
  children?: ReactNode;
}

function Figure({ label, value, note, children }: FigureProps) {
  return (
    <div className="min-w-0 px-4 py-3.5">
      <dt className="text-xs text-soft">{label}</dt>
      <dd>
        <p className="mt-0.5 text-[1.625rem] leading-tight font-semibold tracking-tight tabular-nums">
          {value}
        </p>
        <div className="mt-2 h-1">{children}</div>
        <p className="mt-1.5 min-h-4 text-xs text-faint tabular-nums">{note}</p>
      </dd>
    </div>
  );
}
