import { X, ZoomOut } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/i18n";
import { Button } from "@/ui/button";
import { Switcher } from "@/ui/field";
import { type Charted, type Measure, MEASURES } from "./fold";
import { lineToken } from "@/lib/ink";
import { MetricChart, type Zoom } from "./metric-chart";

const UNITS: Record<Measure, string> = {
  utilisation_percent: "%",
  memory: "%",
  temperature_c: "°",
  power_w: "W",
};
const SPANS = { "5": 300, "15": 900, "60": 3600 } as const;

interface ChartPanelProps {
  devices: readonly Charted[];
  chosen: readonly string[];
  onDrop: (id: string) => void;
}

/** The last hour of the devices that are chosen, or of all of them: their mean, and how far they lie apart. */
export function ChartPanel({ devices, chosen, onDrop }: ChartPanelProps) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<keyof typeof SPANS>("60");
  const [zoom, setZoom] = useState<Zoom>();
  const key = chosen.join(" ");
  const lines = useMemo(() => devices.filter(({ id }) => key.split(" ").includes(id)), [devices, key]);
  return (
    <section aria-label={t("charts.title")} className="mt-5 rounded-xl border border-line bg-surface">
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
        <h2 className="text-xs font-semibold text-soft">
          {lines.length === 0 ? t("charts.all", { count: devices.length }) : t("charts.chosen")}
        </h2>
        <ul className="flex flex-wrap gap-1.5">
          {lines.map(({ id, name }, place) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => onDrop(id)}
                title={t("charts.drop", { name })}
                className="flex items-center gap-1.5 rounded border border-line bg-raised px-1.5 py-px text-xs text-soft hover:border-line-strong"
              >
                <span aria-hidden className="h-0.5 w-3" style={{ background: lineToken(place) }} />
                {name}
                <X className="size-3" aria-label={t("charts.drop", { name })} />
              </button>
            </li>
          ))}
        </ul>
        <div className="ml-auto flex items-center gap-2">
          {zoom && (
            <Button size="sm" look="quiet" icon={<ZoomOut />} onClick={() => setZoom(undefined)}>
              {t("charts.live")}
            </Button>
          )}
          <Switcher
            label={t("charts.span")}
            value={span}
            onChoose={(chosenSpan) => {
              setSpan(chosenSpan);
              setZoom(undefined);
            }}
            choices={(["5", "15", "60"] as const).map((minutes) => ({
              value: minutes,
              name: t("charts.minutes", { minutes }),
              label: t("charts.minutes", { minutes }),
            }))}
          />
        </div>
      </header>
      <div className="grid gap-px bg-line sm:grid-cols-2 xl:grid-cols-4 [&>*]:bg-surface">
        {MEASURES.map((measure) => (
          <Chart
            key={measure}
            measure={measure}
            devices={devices}
            lines={lines}
            spanS={SPANS[span]}
            zoom={zoom}
            onZoom={setZoom}
          />
        ))}
      </div>
    </section>
  );
}

interface ChartProps {
  measure: Measure;
  devices: readonly Charted[];
  lines: readonly Charted[];
  spanS: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
}

function Chart({ measure, devices, lines, ...rest }: ChartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const time = useRef<HTMLSpanElement>(null);
  const said = useRef<HTMLSpanElement>(null);
  const unit = UNITS[measure];
  const onRead = useCallback(
    (at: number | undefined, values: (number | null)[]) => {
      // written straight into the page: the cursor moves many times a second
      if (time.current)
        time.current.textContent = at === undefined ? "" : new Date(at * 1000).toLocaleTimeString(language);
      if (said.current) said.current.replaceChildren(...read(values, lines.length, unit));
    },
    [language, lines.length, unit],
  );
  return (
    <figure className="min-w-0 px-3 pt-2.5 pb-2">
      <figcaption className="flex items-baseline gap-2 px-1 text-xs">
        <span className="font-medium text-soft">{t(`charts.${measure}`)}</span>
        <span ref={time} className="text-2xs text-faint" />
        <span ref={said} className="ml-auto flex gap-2 font-medium" />
      </figcaption>
      <MetricChart
        measure={measure}
        unit={unit}
        chosen={lines}
        all={devices}
        label={t(`charts.${measure}`)}
        onRead={onRead}
        {...rest}
      />
    </figure>
  );
}

/** "54% 12–98%" of all devices; of chosen ones a value each in the colour of its line. */
function read(values: (number | null)[], lines: number, unit: string): HTMLElement[] {
  const show = (value: number | null | undefined) => (value == null ? "–" : `${Math.round(value)}${unit}`);
  if (lines > 0)
    return values.map((value, place) => {
      const word = span(show(value));
      word.style.borderBottom = `2px solid ${lineToken(place)}`;
      return word;
    });
  const [mean, least, most] = values;
  const spread = span(least == null ? "" : `${Math.round(least)}–${show(most)}`);
  spread.className = "font-normal text-faint";
  return [span(show(mean)), spread];
}

function span(text: string): HTMLElement {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}
