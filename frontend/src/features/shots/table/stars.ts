import type { Drawing } from "./draw";
import type { RatingData } from "./cells";
import { MOST_STARS } from "./marks";
import { colour } from "./theme";

const LEFT = 9;
const STEP = 20;
const RADIUS = 7.5;
const INNER = 0.45;

/** Which star lies so far from the cell's left edge; none beside them. */
export function starAt(x: number): number | undefined {
  const star = Math.ceil((x - LEFT) / STEP);
  return star >= 1 && star <= MOST_STARS ? star : undefined;
}

/** The stars a shot has; those it could have are seen where the pointer or the cursor is. */
export function drawStars({ ctx, rect, hoverAmount, highlighted }: Drawing, { stars }: RatingData): void {
  const middle = rect.y + rect.height / 2;
  const shown = highlighted || hoverAmount > 0 ? MOST_STARS : stars;
  for (let star = 1; star <= shown; star += 1) {
    outline(ctx, rect.x + LEFT + STEP * (star - 0.5), middle);
    if (star <= stars) {
      ctx.fillStyle = colour("fill-warn");
      ctx.fill();
    } else {
      ctx.strokeStyle = colour("ink-faint");
      ctx.lineWidth = 1;
      ctx.stroke();
    }
  }
}

function outline(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath();
  for (let point = 0; point < 10; point += 1) {
    const radius = point % 2 === 0 ? RADIUS : RADIUS * INNER;
    const angle = (Math.PI * point) / 5 - Math.PI / 2;
    ctx.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  ctx.closePath();
}
