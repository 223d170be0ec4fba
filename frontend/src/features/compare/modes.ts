/** Ways to see takes together, each with the key that chooses it. */
export const MODES = ["side", "wipe", "onion", "difference"] as const;
export type Mode = (typeof MODES)[number];

export const MODE_KEYS: Record<Mode, string> = { side: "s", wipe: "w", onion: "o", difference: "d" };

/** What the arrow keys change in a way of seeing. */
export interface Amount {
  start: number;
  low: number;
  high: number;
  step: number;
}

export const AMOUNTS: Record<Mode, Amount | undefined> = {
  side: undefined,
  wipe: { start: 0.5, low: 0, high: 1, step: 0.02 },
  onion: { start: 0.5, low: 0, high: 1, step: 0.05 },
  difference: { start: 2, low: 1, high: 12, step: 0.5 },
};

export const LEAST = 2;
export const MOST = 4;

export function moved({ low, high, step }: Amount, value: number, steps: number): number {
  return Math.min(high, Math.max(low, Math.round((value + steps * step) * 1000) / 1000));
}
