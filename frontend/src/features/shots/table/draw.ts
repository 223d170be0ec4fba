import {
  type CustomCell,
  type CustomRenderer,
  GridCellKind,
  type Rectangle,
} from "@glideapps/glide-data-grid";
import type { ShotStatus } from "@/api";
import { SHOT_TONES, type Tone } from "@/api/statuses";
import type { CellData, ChipsData, PanelData, PicturesData, ShotCell, StatusData } from "./cells";
import { drawLines } from "./draw-lines";
import { drawStars } from "./stars";
import type { Pictures } from "./pictures";
import { colour } from "./theme";

export type Drawing = Parameters<CustomRenderer<ShotCell>["draw"]>[0];

const PAD = 9;
const CHIP = 22;

/** How the cells are drawn that are not plain text. */
export function shotCells(pictures: Pictures): CustomRenderer<ShotCell> {
  return {
    kind: GridCellKind.Custom,
    isMatch: (cell: CustomCell): cell is ShotCell => "is" in cell.data,
    needsHover: ({ data }) => data.is === "rating",
    draw: (args, { data }) => draw(args, data, pictures),
  };
}

function draw(args: Drawing, data: CellData, pictures: Pictures): void {
  switch (data.is) {
    case "panel":
      return drawPanel(args, data, pictures);
    case "status":
      return drawStatus(args, data);
    case "chips":
      return drawChips(args, data);
    case "pictures":
      return drawPictures(args, data, pictures);
    case "rating":
      return drawStars(args, data);
    case "lines":
      return drawLines(args, data);
  }
}

/** The part of the picture that fills the box; a storyboard's caption at its foot is cut first. */
function cover({ naturalWidth: w, naturalHeight: h }: HTMLImageElement, box: Rectangle) {
  const scale = Math.max(box.width / w, box.height / h);
  const width = box.width / scale;
  return { x: (w - width) / 2, y: 0, width, height: box.height / scale };
}

function drawImage(ctx: CanvasRenderingContext2D, image: HTMLImageElement, box: Rectangle): void {
  const part = cover(image, box);
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.width, box.height, 4);
  ctx.clip();
  ctx.drawImage(image, part.x, part.y, part.width, part.height, box.x, box.y, box.width, box.height);
  ctx.restore();
}

function plate(ctx: CanvasRenderingContext2D, box: Rectangle): void {
  ctx.beginPath();
  ctx.roundRect(box.x, box.y, box.width, box.height, 4);
  ctx.fillStyle = colour("sunken");
  ctx.fill();
}

function drawPanel({ ctx, rect }: Drawing, { url, progress, stale }: PanelData, pictures: Pictures): void {
  const height = rect.height - 8;
  const width = Math.min(rect.width - 10, (height * 16) / 9);
  const box = { x: rect.x + (rect.width - width) / 2, y: rect.y + 4, width, height };
  const image = url === null ? undefined : pictures.get(url);
  if (image) drawImage(ctx, image, box);
  else plate(ctx, box);
  if (progress !== null) {
    ctx.fillStyle = "rgb(0 0 0 / 0.55)";
    ctx.fillRect(box.x, box.y + box.height - 6, box.width, 6);
    ctx.fillStyle = colour("fill-active");
    ctx.fillRect(box.x, box.y + box.height - 6, box.width * Math.max(0.02, progress), 6);
  }
  if (stale) {
    ctx.beginPath();
    ctx.arc(box.x + box.width - 7, box.y + 7, 4, 0, 2 * Math.PI);
    ctx.fillStyle = colour("fill-warn");
    ctx.fill();
    ctx.strokeStyle = colour("paper");
    ctx.lineWidth = 1.5;
    ctx.stroke();
  }
}

/** The colours of a status, as the badges of the page have them. */
export const toneColour = (tone: Tone): string => colour(`tone-${tone}`);
export const fillColour = (status: ShotStatus): string => colour(`fill-${SHOT_TONES[status]}`);

function drawStatus({ ctx, rect, theme }: Drawing, { status, label }: StatusData): void {
  const middle = rect.y + rect.height / 2;
  ctx.beginPath();
  ctx.arc(rect.x + PAD + 3, middle, 3.5, 0, 2 * Math.PI);
  ctx.fillStyle = fillColour(status);
  ctx.fill();
  ctx.font = `500 12px ${theme.fontFamily}`;
  ctx.fillStyle = toneColour(SHOT_TONES[status]);
  ctx.textBaseline = "middle";
  ctx.fillText(label, rect.x + PAD + 13, middle + 0.5);
}

interface Chip {
  name: string;
  note: string;
  x: number;
  line: number;
  width: number;
  named: number;
}

/** Chips one after the other, over as many lines as the cell has room for; what does not fit is left out. */
function layOut({ ctx, rect, theme }: Drawing, chips: ChipsData["chips"]): Chip[] {
  const lines = Math.max(1, Math.floor((rect.height - 8) / (CHIP + 4)));
  const [left, right] = [rect.x + PAD, rect.x + rect.width - PAD];
  const placed: Chip[] = [];
  let [x, line] = [left, 0];
  for (const { name, note } of chips) {
    ctx.font = `500 12px ${theme.fontFamily}`;
    const named = ctx.measureText(name).width;
    ctx.font = `12px ${theme.fontFamily}`;
    const wanted = named + (note ? ctx.measureText(note).width + 5 : 0) + 14;
    if (x + wanted > right && x > left && line + 1 < lines) [x, line] = [left, line + 1];
    const width = Math.min(wanted, right - x);
    if (width < 24) break;
    placed.push({ name, note, x, line, width, named });
    x += width + 5;
  }
  return placed;
}

function drawChips(args: Drawing, { chips, round }: ChipsData): void {
  const { ctx, rect, theme } = args;
  const placed = layOut(args, chips);
  const height = ((placed.at(-1)?.line ?? 0) + 1) * (CHIP + 4) - 4;
  const top = rect.y + (rect.height - height) / 2;
  ctx.textBaseline = "middle";
  for (const { name, note, x, line, width, named } of placed) {
    const y = top + line * (CHIP + 4);
    ctx.save();
    ctx.beginPath();
    ctx.roundRect(x, y, width, CHIP, round ? CHIP / 2 : 5);
    ctx.fillStyle = theme.bgBubble;
    ctx.fill();
    ctx.strokeStyle = theme.borderColor;
    ctx.lineWidth = 1;
    ctx.stroke();
    ctx.clip();
    ctx.font = `500 12px ${theme.fontFamily}`;
    ctx.fillStyle = theme.textDark;
    ctx.fillText(name, x + 7, y + CHIP / 2 + 0.5);
    ctx.font = `12px ${theme.fontFamily}`;
    ctx.fillStyle = theme.textLight;
    if (note) ctx.fillText(note, x + 12 + named, y + CHIP / 2 + 0.5);
    ctx.restore();
  }
}

function drawPictures({ ctx, rect }: Drawing, { urls }: PicturesData, pictures: Pictures): void {
  const size = Math.min(rect.height - 10, 56);
  let x = rect.x + 6;
  for (const url of urls) {
    if (x + size > rect.x + rect.width - 4) return;
    const box = { x, y: rect.y + (rect.height - size) / 2, width: size, height: size };
    const image = pictures.get(url);
    if (image) drawImage(ctx, image, box);
    else plate(ctx, box);
    x += size + 4;
  }
}
