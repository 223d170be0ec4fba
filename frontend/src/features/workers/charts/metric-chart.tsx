import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onMetrics } from "@/api/live/metrics";
import { useTheme } from "@/lib/theme";
import { inkOf, LINES } from "@/lib/ink";
import { type Charted, lineOf, type Measure, spreadOf, timesOf } from "./fold";

export interface Zoom {
  from: number;
  to: number;
}

interface MetricChartProps {
  measure: Measure;
  unit: string;
  /** Each drawn as a line; without any the mean and spread of `all`. */
  chosen: readonly Charted[];
  all: readonly Charted[];
  spanS: number;
  zoom: Zoom | undefined;
  onZoom: (zoom: Zoom | undefined) => void;
  /** Hears what stands under the cursor, or last without one. */
  onRead: (time: number | undefined, values: (number | null)[]) => void;
  label: string;
}

const HEIGHT = 148;
const SILENT_MS = 1500; // a reading comes each second

/** One quantity over time; its cursor goes with those of the others. */
export function MetricChart(props: MetricChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const newest = useRef(props);
  const chart = useRef<uPlot>(undefined);
  const theme = useTheme();
  const { measure, chosen, all, spanS, zoom } = props;
  useEffect(() => void (newest.current = props));

  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const made = new uPlot(
      optionsOf(box, newest),
      [[], ...Array.from({ length: chosen.length || 3 }, () => [])] as uPlot.AlignedData,
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
  }, [chosen, theme]);

  useEffect(() => {
    let drawn = 0;
    const draw = () => {
      drawn = performance.now();
      if (chart.current) redraw(chart.current, newest.current);
    };
    draw();
    // time goes on when nothing is heard, too: the silence is seen while it lasts
    const silence = setInterval(() => performance.now() - drawn > SILENT_MS && draw(), SILENT_MS);
    let asked = 0;
    const stop = onMetrics(() => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      clearInterval(silence);
      cancelAnimationFrame(asked);
    };
  }, [measure, chosen, all, spanS, zoom, theme]);

  return (
    <div
      ref={place}
      role="img"
      aria-label={props.label}
      className="[&_.u-select]:bg-accent/15"
      style={{ height: HEIGHT }}
    />
  );
}

function redraw(chart: uPlot, { chosen, all, measure, spanS, zoom, onRead }: MetricChartProps): void {
  const now = Math.floor(Date.now() / 1000);
  const from = zoom ? Math.floor(zoom.from) : now - spanS;
  const to = zoom ? Math.ceil(zoom.to) : now;
  const times = timesOf({ first: from, count: to - from + 1 });
  const lines = (chosen.length > 0 ? chosen : all).map((device) => lineOf(device, measure, times));
  const drawn = chosen.length > 0 ? lines : spreadOf(lines);
  chart.batch(() => {
    chart.setData([times.seconds, ...drawn], false);
    chart.setScale("x", { min: from, max: to });
  });
  if (chart.cursor.idx == null) onRead(undefined, drawn.map(lastOf));
}

const lastOf = (line: readonly (number | null)[]): number | null => {
  for (let at = line.length - 1; at >= Math.max(0, line.length - 4); at -= 1)
    if (line[at] != null) return line[at] ?? null;
  return null;
};

function optionsOf(box: HTMLElement, newest: { current: MetricChartProps }): uPlot.Options {
  const { chosen, measure, unit } = newest.current;
  const ink = inkOf();
  const axis = {
    stroke: ink.faint,
    font: ink.font,
    ticks: { show: false },
    grid: { stroke: ink.line, width: 1 },
  };
  const percent = measure === "utilisation_percent" || measure === "memory";
  const series: uPlot.Series[] =
    chosen.length > 0
      ? chosen.map((_, at) => ({
          stroke: ink.lines[at % LINES] ?? ink.accent,
          width: 1.5,
          points: { show: false },
        }))
      : [
          { stroke: ink.accent, width: 1.75, points: { show: false } },
          { stroke: "transparent", width: 0, points: { show: false } },
          { stroke: "transparent", width: 0, points: { show: false } },
        ];
  return {
    width: box.clientWidth,
    height: HEIGHT,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: "devices" },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: { dblclick: () => () => (newest.current.onZoom(undefined), null) },
    },
    scales: {
      x: { time: true },
      y: { range: (_, __, most) => [0, percent ? 100 : Math.max(10, (most ?? 0) * 1.15)] },
    },
    series: [{}, ...series],
    ...(chosen.length === 0 && { bands: [{ series: [3, 2] as [number, number], fill: ink.band }] }),
    axes: [
      { ...axis, size: 24, space: 70, values: (_, ticks) => ticks.map(clock) },
      { ...axis, size: 44, space: 34, values: (_, ticks) => ticks.map((tick) => `${tick}${unit}`) },
    ],
    hooks: {
      setCursor: [
        (chart) => {
          const { idx } = chart.cursor;
          if (idx == null) return;
          newest.current.onRead(
            chart.data[0][idx],
            chart.data.slice(1).map((line) => line[idx] ?? null),
          );
        },
      ],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < 4) return;
          const zoom = { from: chart.posToVal(left, "x"), to: chart.posToVal(left + width, "x") };
          chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          if (zoom.to - zoom.from >= 5) newest.current.onZoom(zoom);
        },
      ],
    },
  };
}

const clock = (second: number): string =>
  new Date(second * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
