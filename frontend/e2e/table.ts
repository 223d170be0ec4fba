/** The shot table as a test sees it: its cells are drawn, and stand beside as elements for those who cannot see. */
import { expect, type Page } from "@playwright/test";
import type { Farm } from "./farm";

export const SHOTS = 240;
/** Columns as they stand at first: panel, code, sequence, scene, action … */
export const [SCENE, ACTION, CAST, FRAMES] = [4, 5, 6, 9] as const;

const HEADER = 34;
const ROW = 70;
const WIDTHS = [36, 148, 116, 96, 260, 240, 210, 150, 280, 82, 78];

export interface Shot {
  id: string;
  action: string;
  scene_description: string;
  frame_count: number;
  notes: string;
  rating: number;
  tags: string[];
}

export interface Table {
  page: Page;
  code: string;
  list: () => Promise<Shot[]>;
}

/** A page of its own on a project of 240 shots, which it makes. */
export async function newTable(page: Page, farm: Farm, code: string): Promise<Table> {
  await farm.enter(page);
  const api = async (method: string, path: string, data?: unknown): Promise<unknown> => {
    const answer = await page.request.fetch(path, {
      method,
      headers: { origin: farm.url },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
  await api("POST", "/api/projects", { code, name: "표 시험" });
  const shots = Array.from({ length: SHOTS }, (_, index) => ({ scene_description: `scene ${index}` }));
  await api("POST", `/api/projects/${code}/shots`, shots);
  await open(page, code);
  const list = async () =>
    ((await api("GET", `/api/projects/${code}/shots?limit=1000`)) as { rows: Shot[] }).rows;
  return { page, code, list };
}

/** So many shots pass the filters, as the line at the table's foot says. */
export const seen = (page: Page, shots: number) =>
  expect(page.locator("footer").getByText(`샷 ${shots}개`)).toBeVisible();

export async function open(page: Page, code: string): Promise<void> {
  await page.goto(`/projects/${code}?group=null`);
  await seen(page, SHOTS);
  await expect(cell(page, 2, 0)).toHaveText("SHT-00001");
}

export const cell = (which: Page, column: number, line: number) =>
  which.locator(`[data-testid="glide-cell-${column}-${line}"]`);

/** Clicks a cell of the first lines; its left edge is asked of the header's widths. */
export async function click(
  which: Page,
  column: number,
  line: number,
  modifiers: "Shift"[] = [],
): Promise<void> {
  const canvas = await which.locator('canvas[data-testid="data-grid-canvas"]').boundingBox();
  if (!canvas) throw new Error("no table");
  const x = WIDTHS.slice(0, column).reduce((sum, width) => sum + width, 0) + 20;
  const place = { x: canvas.x + x, y: canvas.y + HEADER + line * ROW + 20 };
  for (const key of modifiers) await which.keyboard.down(key);
  await which.mouse.click(place.x, place.y);
  for (const key of modifiers) await which.keyboard.up(key);
}

/** Somebody else at the same table, in a browser of his own. */
export async function another(page: Page, farm: Farm, code: string): Promise<Page> {
  const context = await page.context().browser()?.newContext({ baseURL: farm.url });
  if (!context) throw new Error("no browser");
  const other = await context.newPage();
  await farm.enter(other);
  await open(other, code);
  return other;
}
