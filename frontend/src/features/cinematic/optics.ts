import { FULL_FRAME } from "./hints/bodies";

/** The horizontal angle of view in degrees. A lens turns on a full frame unless the width of the gate is given. */
export function viewAngle(focal_mm: number, width_mm = FULL_FRAME.width_mm): number {
  return (2 * Math.atan(width_mm / 2 / focal_mm) * 180) / Math.PI;
}

const LONGEST_MM = 3000;

/** The focal length in a text: 35mm, “50 mm 표준”, 27. */
export function readFocalLength(text: string): number | undefined {
  const found = /(\d+(?:\.\d+)?)\s*(?:mm|밀리|$)/i.exec(text.normalize("NFKC").trim());
  const mm = Number(found?.[1]);
  return mm > 0 && mm <= LONGEST_MM ? mm : undefined;
}

const [NARROWEST, WIDEST] = [0.2, 5];

/** Width by height in a text: 16:9, 2.39:1, 4x5, 1.85. */
export function readRatio(text: string): number | undefined {
  const found = /(\d+(?:\.\d+)?)(?:\s*[:x×/]\s*(\d+(?:\.\d+)?))?/i.exec(text.normalize("NFKC"));
  const ratio = Number(found?.[1]) / Number(found?.[2] ?? 1);
  return ratio >= NARROWEST && ratio <= WIDEST ? ratio : undefined;
}

/** The largest frame of a ratio in a box, and where it stands. */
export function inscribed(ratio: number, width: number, height: number) {
  const w = Math.min(width, height * ratio);
  const h = w / ratio;
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}
