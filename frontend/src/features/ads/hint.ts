/** A line painted over the photo; points and width are in fractions of the photo's width and height, and of its longer side. */
export interface Stroke {
  keep: boolean;
  width: number;
  points: readonly (readonly [number, number])[];
}

/** The stage reads these: green is product, red is not. */
export const COLOURS = { keep: "#00dc3c", remove: "#f01e28" } as const;
const LONGEST = 1600; // pixels: finer than the cut-out looks

/** The size of a hint for a photo, in the same proportions. */
export function hintSize(width: number, height: number): [number, number] {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** The strokes, over the hint that was painted before. */
export function paint(
  brush: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  before: CanvasImageSource | undefined,
): void {
  const { width, height } = brush.canvas;
  brush.clearRect(0, 0, width, height);
  if (before) brush.drawImage(before, 0, 0, width, height);
  brush.lineCap = "round";
  brush.lineJoin = "round";
  for (const { keep, width: wide, points } of strokes) {
    const [first] = points;
    if (first === undefined) continue;
    brush.strokeStyle = keep ? COLOURS.keep : COLOURS.remove;
    brush.lineWidth = wide * Math.max(width, height);
    brush.beginPath();
    brush.moveTo(first[0] * width, first[1] * height);
    for (const [x, y] of points) brush.lineTo(x * width, y * height); // to the first itself: a dot
    brush.stroke();
  }
}

/** The painted canvas as a PNG, transparent where nothing was painted. */
export async function hintFile(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error(`canvas gave no picture of ${canvas.width} × ${canvas.height}`);
  return blob;
}
