/** A rectangle over a picture, in fractions of its width and height. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const WHOLE: Rect = { x: 0, y: 0, width: 1, height: 1 };
export const CENTRE: Rect = { x: 0.15, y: 0.15, width: 0.7, height: 0.7 };
export const LEAST = 0.04;

/** What is held: the rectangle itself, or an edge or corner of it by its compass name. */
export type Grip = "move" | "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw";

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** The rectangle after its grip went so far; it stays on the picture and never gets too small to see. */
export function pulled({ x, y, width, height }: Rect, grip: Grip, dx: number, dy: number): Rect {
  if (grip === "move")
    return { x: within(x + dx, 0, 1 - width), y: within(y + dy, 0, 1 - height), width, height };
  const right = grip.includes("e") ? within(x + width + dx, x + LEAST, 1) : x + width;
  const bottom = grip.includes("s") ? within(y + height + dy, y + LEAST, 1) : y + height;
  const left = grip.includes("w") ? within(x + dx, 0, right - LEAST) : x;
  const top = grip.includes("n") ? within(y + dy, 0, bottom - LEAST) : y;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The rectangle between two points, for one drawn anew. */
export function between(a: { x: number; y: number }, b: { x: number; y: number }): Rect {
  const x = within(Math.min(a.x, b.x), 0, 1 - LEAST);
  const y = within(Math.min(a.y, b.y), 0, 1 - LEAST);
  const right = within(Math.max(a.x, b.x), x + LEAST, 1);
  const bottom = within(Math.max(a.y, b.y), y + LEAST, 1);
  return { x, y, width: right - x, height: bottom - y };
}

/** In whole pixels of the picture, at least one each way. */
export function inPixels(rect: Rect, width: number, height: number): Rect {
  const x = Math.min(width - 1, Math.round(rect.x * width));
  const y = Math.min(height - 1, Math.round(rect.y * height));
  return {
    x,
    y,
    width: within(Math.round(rect.width * width), 1, width - x),
    height: within(Math.round(rect.height * height), 1, height - y),
  };
}

/** That part of the picture as a PNG of its own. */
export async function cut(image: HTMLImageElement, rect: Rect, name: string): Promise<File> {
  const { x, y, width, height } = inPixels(rect, image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(image, x, y, width, height, 0, 0, width, height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error(`canvas gave no picture of ${width} × ${height}`);
  return new File([blob], `${name}.png`, { type: "image/png" });
}
