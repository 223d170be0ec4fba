/** A table of a few columns of known widths, so that a pixel of a cell can be told beforehand. */
import { expect, type Page } from "@playwright/test";
import { cell } from "./table";

export interface Shown {
  key: string;
  width: number;
}

const ALL = [
  ...["panel", "code", "sequence", "scene_description", "action", "characters", "cinematic_option", "prompt"],
  ...["prompt_override", "negative_prompt", "references", "frame_count", "duration", "timecode_in"],
  ...["timecode_out", "workflow_type", "status", "takes", "rating", "tags", "notes"],
];
const MARKER = 36;
const HEADER = 34;
const ROW = 70;

/** Opens the project's table with these columns alone, the code first. */
export async function showOnly(page: Page, code: string, columns: readonly Shown[]): Promise<void> {
  const hidden = ALL.filter((key) => !columns.some((one) => one.key === key));
  const view = {
    columns: [...columns, ...hidden.map((key) => ({ key, width: 100, hidden: true }))],
    pinned: 1,
  };
  await page.evaluate(([name, kept]) => localStorage.setItem(name, kept), [
    `cinefarm.table.${code}`,
    JSON.stringify(view),
  ] as const);
  await page.goto(`/projects/${code}?group=null`);
  await expect(cell(page, 1, 0)).toHaveText("SHT-00001");
}

/** Clicks so many pixels into a cell; columns count from 1. */
export async function clickInto(
  page: Page,
  columns: readonly Shown[],
  column: number,
  line: number,
  { x = 8, shift = false } = {},
): Promise<void> {
  const canvas = await page.locator('canvas[data-testid="data-grid-canvas"]').boundingBox();
  if (!canvas) throw new Error("no table");
  const left = MARKER + columns.slice(0, column - 1).reduce((sum, { width }) => sum + width, 0);
  if (shift) await page.keyboard.down("Shift");
  await page.mouse.click(canvas.x + left + x, canvas.y + HEADER + line * ROW + ROW / 2);
  if (shift) await page.keyboard.up("Shift");
}
