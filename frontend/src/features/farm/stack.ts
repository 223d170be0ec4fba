import type { Ended, FarmOverview } from "@/api";
import type { Outcome } from "./tones";

/** From the bottom of a bar to its top. */
export const STACK: readonly Outcome[] = ["completed", "canceled", "lost", "failed"];

/** For each outcome the heights that it and those below it reach. */
export function stacked(ended: Ended): number[][] {
  const sums: number[][] = [];
  for (const outcome of STACK) {
    const below = sums.at(-1);
    sums.push(ended[outcome].map((count, at) => count + (below?.[at] ?? 0)));
  }
  return sums;
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Attempts completed a minute over the last steps that are whole, of at most `minutes`; undefined before the first. */
export function perMinute(
  { ended, step_s }: Pick<FarmOverview, "ended" | "step_s">,
  minutes: number,
): number | undefined {
  const steps = Math.max(1, Math.round((minutes * 60) / step_s));
  const whole = ended.completed.slice(0, -1).slice(-steps);
  return whole.length === 0 ? undefined : total(whole) / ((whole.length * step_s) / 60);
}
