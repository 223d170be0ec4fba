import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { FarmOverview } from "@/api";
import { useLanguage } from "@/i18n";
import { inkOf } from "@/lib/ink";
import { useTheme } from "@/lib/theme";
import { FILL } from "@/ui/badge";
import { STACK, stacked, total } from "./stack";
import { OUTCOME_TONES, type Outcome } from "./tones";

const HEIGHT = 190;
const DAY_S = 86_400;

type Shown = Pick<FarmOverview, "first" | "step_s" | "ended">;

/** How many attempts ended in each step, piled up by how they did. The last bar is still growing. */
export function ThroughputChart({ shown }: { shown: Shown }) {
  const { t } = useTranslation("farm");
  const language = useLanguage();
  const theme = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const said = useRef<HTMLSpanElement>(null);
  const newest = useRef(shown);

  useEffect(() => {
    newest.current = shown;
    chart.current?.setData(dataOf(shown));
  }, [shown]);

  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const words = (at: number | null | undefined): string => {
      const { first, step_s, ended } = newest.current;
      if (at == null) return "";
      const parts = STACK.filter((outcome) => (ended[outcome][at] ?? 0) > 0).map(
        (outcome) => `${t(`outcome.${outcome}`)} ${ended[outcome][at] ?? 0}`,
      );
      return [whenOf(first + at * step_s, step_s, language), ...parts].join(" · ");
    };
    const made = new uPlot(
      optionsOf(box, newest.current.step_s, language, (at) => {
        if (said.current) said.current.textContent = words(at); // straight into the page: it follows the pointer
      }),
      dataOf(newest.current),
      box,
    );
    chart.current = made;
    const sized = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    sized.observe(box);
    return () => {
      sized.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [theme, language, shown.step_s, t]);

  const sums = STACK.map((outcome) => [outcome, total(shown.ended[outcome])] as const);
  const told = sums.map(([outcome, count]) => `${t(`outcome.${outcome}`)} ${count}`).join(", ");
  return (
    <>
      <div className="flex min-h-5 flex-wrap items-center gap-x-4 px-1 text-xs text-soft">
        {sums.map(([outcome, count]) => (
          <Key key={outcome} outcome={outcome} count={count} />
        ))}
        <span ref={said} className="ml-auto text-2xs text-faint tabular-nums" />
      </div>
      <div
        ref={place}
        role="img"
        aria-label={`${t("throughput")}: ${told}`}
        className="mt-1"
        style={{ height: HEIGHT }}
      />
    </>
  );
}

function Key({ outcome, count }: { outcome: Outcome; count: number }) {
  const { t } = useTranslation("farm");
  const language = useLanguage();
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={`size-2 rounded-xs ${FILL[OUTCOME_TONES[outcome]]}`} />
      {t(`outcome.${outcome}`)}{" "}
      <span className="tabular-nums">{new Intl.NumberFormat(language).format(count)}</span>
    </span>
  );
}

/** The highest pile is drawn first and the lower ones over it. */
function dataOf({ first, step_s, ended }: Shown): uPlot.AlignedData {
  const times = ended.completed.map((_, at) => first + at * step_s);
  return [times, ...stacked(ended).toReversed()];
}

function optionsOf(
  box: HTMLElement,
  stepS: number,
  language: string,
  onRead: (at: number | null | undefined) => void,
): uPlot.Options {
  const ink = inkOf();
  const fills: Record<Outcome, string> = {
    completed: ink.tones.good,
    canceled: ink.tones.idle,
    lost: ink.tones.warn,
    failed: ink.tones.bad,
  };
  const axis = {
    stroke: ink.faint,
    font: ink.font,
    ticks: { show: false },
    grid: { stroke: ink.line, width: 1 },
  };
  const paths = uPlot.paths.bars?.({ size: [0.72, 18], align: 1 });
  return {
    width: box.clientWidth,
    height: HEIGHT,
    padding: [10, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, range: (_, from, to) => [from, to + stepS] },
      y: { range: (_, __, most) => [0, Math.max(4, (most ?? 0) * 1.1)] },
    },
    series: [
      {},
      ...STACK.toReversed().map((outcome) => ({
        fill: fills[outcome],
        width: 0,
        points: { show: false },
        ...(paths && { paths }),
      })),
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 80,
        values: (_, ticks) => ticks.map((tick) => whenOf(tick, stepS, language)),
      },
      {
        ...axis,
        size: 40,
        space: 36,
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? `${tick}` : "")),
      },
    ],
    hooks: { setCursor: [({ cursor }) => onRead(cursor.idx)] },
  };
}

/** Of a day the time, of longer steps the day too. */
const whenOf = (second: number, stepS: number, language: string): string =>
  new Date(second * 1000).toLocaleString(language, {
    ...(stepS * 80 > DAY_S * 2 && { month: "numeric", day: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
