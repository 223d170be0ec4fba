import { type Quantity, ringOf } from "@/api/live/metrics";

export interface Charted {
  id: string;
  name: string;
  memoryGb: number;
}

export type Measure = "utilisation_percent" | "memory" | "temperature_c" | "power_w";
export const MEASURES: readonly Measure[] = ["utilisation_percent", "memory", "temperature_c", "power_w"];
export type Line = (number | null)[];

/** No more points than a chart has room for. */
const POINTS = 600;

const quantityOf = (measure: Measure): Quantity => (measure === "memory" ? "memory_used_gb" : measure);

export interface Span {
  first: number;
  count: number;
}

export interface Times {
  seconds: number[];
  step: number;
}

/** The moments that are drawn: each stands for the `step` seconds that begin with it. Steps do not wander with time. */
export function timesOf({ first, count }: Span): Times {
  const step = Math.max(1, Math.ceil(count / POINTS));
  const begin = Math.floor(first / step) * step;
  const seconds = Array.from(
    { length: Math.ceil((first + count - begin) / step) },
    (_, at) => begin + at * step,
  );
  return { seconds, step };
}

/** One device: the mean of each step; null where nothing was read. Memory in percent of what there is. */
export function lineOf(device: Charted, measure: Measure, { seconds, step }: Times): Line {
  const ring = ringOf(device.id);
  const quantity = quantityOf(measure);
  if (ring === undefined || !ring.has(quantity)) return seconds.map(() => null);
  const scale = measure === "memory" ? 100 / (device.memoryGb || 1) : 1;
  return seconds.map((second) => {
    let sum = 0;
    let read = 0;
    for (let at = second; at < second + step; at += 1) {
      const value = ring.at(quantity, at);
      if (value === null) continue;
      sum += value;
      read += 1;
    }
    return read === 0 ? null : (sum / read) * scale;
  });
}

/** Of many devices the mean, the least and the most at each moment. */
export function spreadOf(lines: readonly Line[]): [Line, Line, Line] {
  const mean: Line = [];
  const least: Line = [];
  const most: Line = [];
  const length = lines[0]?.length ?? 0;
  for (let at = 0; at < length; at += 1) {
    let sum = 0;
    let read = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const line of lines) {
      const value = line[at];
      if (value == null) continue;
      sum += value;
      read += 1;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    mean.push(read ? sum / read : null);
    least.push(read ? low : null);
    most.push(read ? high : null);
  }
  return [mean, least, most];
}
