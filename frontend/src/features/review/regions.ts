import type { NoteView } from "@/api";

export type Region = NoteView["regions"][number];
export type Tool = "rectangle" | "freehand";
export type Point = readonly [number, number];

export const MOST_REGIONS = 16;
const MOST_POINTS = 400;
const LEAST = 0.004; // of the picture: smaller is a slip of the hand

const round = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;

/** What a stroke of the pointer marks; undefined for a mere click. */
export function regionOf(tool: Tool, stroke: readonly Point[]): Region | undefined {
  const [xs, ys] = [stroke.map(([x]) => round(x)), stroke.map(([, y]) => round(y))];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - x, Math.max(...ys) - y];
  if (stroke.length < 2 || Math.max(width, height) < LEAST) return undefined;
  if (tool === "rectangle") {
    if (Math.min(width, height) < LEAST) return undefined;
    return { kind: "rectangle", x, y, width: round(width), height: round(height) };
  }
  const every = Math.ceil(stroke.length / MOST_POINTS);
  const points = stroke
    .filter((_, index) => index % every === 0 || index === stroke.length - 1)
    .map(([px, py]): [number, number] => [round(px), round(py)]);
  return { kind: "freehand", points: points.slice(0, MOST_POINTS) };
}

/** Where its number stands. */
export const cornerOf = (region: Region): Point =>
  region.kind === "rectangle" ? [region.x, region.y] : (region.points[0] ?? [0, 0]);

export const pathOf = (points: readonly Point[]): string =>
  points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x * 1000} ${y * 1000}`).join("");
