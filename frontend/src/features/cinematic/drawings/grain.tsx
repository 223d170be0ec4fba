import { dice } from "@/features/cinematic/colour";

const MOST = 2200;
const specks = new Map<string, string>();

/** Specks for a box, the same ones at each drawing. */
function specksOf(width: number, height: number, count: number): string {
  const key = `${width} ${height} ${count}`;
  let path = specks.get(key);
  if (path === undefined) {
    const roll = dice(count + 1);
    path = Array.from({ length: count }, () => {
      const [x, y] = [roll.next().value * width, roll.next().value * height];
      return `M${x.toFixed(1)} ${y.toFixed(1)}h.5v.5h-.5z`;
    }).join("");
    specks.set(key, path);
  }
  return path;
}

/** Film grain, 0 to 1. */
export function Grain({ width, height, grain }: { width: number; height: number; grain: number }) {
  if (grain === 0) return null;
  const path = specksOf(width, height, Math.round(MOST * grain));
  return (
    <>
      <path d={path} fill="#000000" opacity={0.12 + grain * 0.14} />
      <path d={path} fill="#ffffff" opacity={0.05 + grain * 0.09} transform="translate(1.1 .7)" />
    </>
  );
}
