/** Shapes that places are drawn of, in a box of 160 × 100 with the horizon at 62. */
import { dice } from "@/features/cinematic/colour";

/** Flat shapes from far to near. */
export type Shapes = readonly (readonly [path: string, fill: string])[];
/** The lights seen in a place. */
export type LampList = readonly (readonly [x: number, y: number, colour: string])[];

const HORIZON = 62;

/** Blocks side by side that stand on the horizon. */
export function blocks(seed: number, least: number, most: number, width: number): string {
  const roll = dice(seed);
  let path = "";
  for (let x = -40; x < 200;) {
    const w = width * (0.6 + roll.next().value);
    const h = least + (most - least) * roll.next().value;
    path += `M${x.toFixed(1)} ${HORIZON}v${(-h).toFixed(1)}h${w.toFixed(1)}v${h.toFixed(1)}z`;
    x += w + 1;
  }
  return path;
}

/** Lit windows of a town. */
export function windows(seed: number, count: number, colours: readonly string[]): LampList {
  const roll = dice(seed);
  return Array.from({ length: count }, () => [
    Math.round(roll.next().value * 160),
    Math.round(22 + roll.next().value * 38),
    colours[Math.floor(roll.next().value * colours.length)] ?? "#ffffff",
  ]);
}

/** A ridge of peaks from edge to edge. */
export function ridge(seed: number, least: number, most: number, step: number, sharp = true): string {
  const roll = dice(seed);
  let path = `M-40 ${HORIZON}`;
  for (let x = -40; x <= 200; x += step) {
    const y = HORIZON - least - (most - least) * roll.next().value;
    path += sharp ? `L${x} ${y.toFixed(1)}` : `Q${x - step / 4} ${y.toFixed(1)} ${x} ${y.toFixed(1)}`;
  }
  return `${path}L200 ${HORIZON}z`;
}

/** Trunks or posts from the top of the picture to the ground. */
export function trunks(seed: number, count: number, width: number): string {
  const roll = dice(seed);
  return Array.from({ length: count }, () => {
    const x = -30 + 220 * roll.next().value;
    const w = width * (0.5 + roll.next().value);
    return `M${x.toFixed(1)} -30h${w.toFixed(1)}l1 ${HORIZON + 36}h${(-w - 2).toFixed(1)}z`;
  }).join("");
}

/** The four sides of a passage seen to its end. */
export function passage(walls: readonly [string, string], ceiling: string, floor: string): Shapes {
  return [
    ["M-60 -40H220L98 44H62z", ceiling],
    ["M-60 140H220L98 72H62z", floor],
    ["M-60 -40L62 44V72L-60 140z", walls[0]],
    ["M220 -40L98 44V72L220 140z", walls[1]],
  ];
}

/** A tiled roof with lifted eaves, its ridge at x. */
export const roof = (x: number, y: number, w: number): string =>
  `M${x - w} ${y + 8}Q${x - w * 0.55} ${y + 5} ${x - w * 0.42} ${y - 6}H${x + w * 0.42}Q${x + w * 0.55} ${y + 5} ${x + w} ${y + 8}q-4 1-6 3H${x - w + 6}q-2-2-6-3z`;

export const box = (x: number, y: number, w: number, h: number): string => `M${x} ${y}h${w}v${h}h${-w}z`;
