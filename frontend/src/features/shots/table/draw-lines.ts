import { split } from "canvas-hypertxt";
import type { LinesData } from "./cells";
import type { Drawing } from "./draw";

const LINE = 17;
const PAD = 8;

/** As many lines of a text as the cell has room for; what is left out is told by dots. */
export function drawLines({ ctx, rect, theme }: Drawing, { text, faded }: LinesData): void {
  if (text === "") return;
  const font = `${theme.baseFontStyle} ${theme.fontFamily}`;
  const width = rect.width - 2 * PAD;
  const most = Math.max(1, Math.floor((rect.height - PAD) / LINE));
  ctx.font = font;
  ctx.fillStyle = faded ? theme.textLight : theme.textDark;
  ctx.textBaseline = "middle";
  const lines = split(ctx, text, font, width, false);
  const shown = lines.slice(0, most);
  const top = rect.y + (rect.height - shown.length * LINE) / 2 + LINE / 2 + 0.5;
  for (const [at, line] of shown.entries()) {
    const isCut = at === most - 1 && lines.length > most;
    ctx.fillText(fitted(ctx, isCut ? `${line.trimEnd()}…` : line, width), rect.x + PAD, top + at * LINE);
  }
}

/** A line that is wider than its cell ends in dots, too: where it breaks is reckoned before all of the font is there. */
function fitted(ctx: CanvasRenderingContext2D, line: string, width: number): string {
  let [text, length] = [line, line.length];
  while (length > 1 && ctx.measureText(text).width > width) {
    length -= 1;
    text = `${line.slice(0, length).trimEnd()}…`;
  }
  return text;
}
