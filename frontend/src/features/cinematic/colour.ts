const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** A colour between two, both written #rrggbb; 0 is the first. */
export function mix(first: string, second: string, share: number): string {
  const to = channels(second);
  return `#${channels(first)
    .map((one, index) => Math.round(one + ((to[index] ?? one) - one) * share))
    .map((one) => one.toString(16).padStart(2, "0"))
    .join("")}`;
}

/** The same numbers every time, for grain, windows and rain: a drawing does not flicker. */
export function* dice(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}
