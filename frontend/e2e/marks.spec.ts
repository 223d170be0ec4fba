import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { cell, newTable, seen, SHOTS, type Table } from "./table";

const CODE = "MARKS";
/** Code, stars and tags alone, so that a pixel can be told beforehand. */
const COLUMNS = [
  { key: "code", width: 116, hidden: false },
  { key: "rating", width: 118, hidden: false },
  { key: "tags", width: 170, hidden: false },
];
const [STARS, TAGS] = [2, 3] as const;
const MARKER = 36;
const HEADER = 34;
const ROW = 70;

test.describe.configure({ mode: "serial" });

let page: Page;
let list: Table["list"];

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({
    baseURL: farm.url,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  ({ list } = await newTable(page, farm, CODE));
  await page.evaluate(
    ([code, columns]) => {
      const others = ["panel", "sequence", "scene_description", "action", "characters", "cinematic_option"];
      const more = [
        "prompt",
        "frame_count",
        "duration",
        "timecode_in",
        "workflow_type",
        "status",
        "takes",
        "notes",
      ];
      const hidden = [...others, ...more].map((key) => ({ key, width: 100, hidden: true }));
      localStorage.setItem(`cinefarm.table.${code}`, JSON.stringify({ columns: [...columns, ...hidden] }));
    },
    [CODE, COLUMNS] as const,
  );
  await page.reload();
  await expect(cell(page, 1, 0)).toHaveText("SHT-00001");
});
test.afterAll(() => page.context().close());

/** So many pixels into the cell of stars, or of tags. */
async function click(
  column: typeof STARS | typeof TAGS,
  line: number,
  x = 8,
  modifier?: "Shift",
): Promise<void> {
  const canvas = await page.locator('canvas[data-testid="data-grid-canvas"]').boundingBox();
  if (!canvas) throw new Error("no table");
  const left = MARKER + COLUMNS.slice(0, column - 1).reduce((sum, { width }) => sum + width, 0);
  if (modifier) await page.keyboard.down(modifier);
  await page.mouse.click(canvas.x + left + x, canvas.y + HEADER + line * ROW + ROW / 2);
  if (modifier) await page.keyboard.up(modifier);
}

const ratings = async (from: number, to: number) =>
  (await list()).slice(from, to).map(({ rating }) => rating);
const tags = async (line: number) => (await list())[line]?.tags;

test("keys give stars to all that is marked, a click on a star to one shot, and each is one undo", async () => {
  await click(STARS, 0, 112);
  await click(STARS, 2, 112, "Shift");
  await page.keyboard.press("4");
  await expect.poll(() => ratings(0, 4)).toEqual([4, 4, 4, 0]);
  await click(STARS, 1, 112);
  await click(STARS, 1, 30);
  await expect.poll(() => ratings(0, 4)).toEqual([4, 2, 4, 0]);
  await page.keyboard.press("0");
  await expect.poll(() => ratings(0, 4)).toEqual([4, 0, 4, 0]);
  await page.keyboard.press("Control+z");
  await expect.poll(() => ratings(0, 4)).toEqual([4, 2, 4, 0]);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(() => ratings(0, 4)).toEqual([0, 0, 0, 0]);
});

test("tags are typed with commas, picked from those that are known, copied and filled", async () => {
  await click(TAGS, 0);
  await page.keyboard.type("밤 장면, VFX, vfx");
  await page.keyboard.press("Enter");
  await expect.poll(() => tags(0)).toEqual(["밤 장면", "VFX"]);
  await page.keyboard.type("v");
  await expect(page.getByRole("option", { name: "VFX" })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => tags(1)).toEqual(["VFX"]);
  await click(TAGS, 0);
  await click(TAGS, 2, 8, "Shift");
  await page.keyboard.press("Control+d");
  await expect.poll(() => tags(2)).toEqual(["밤 장면", "VFX"]);
  await click(TAGS, 2);
  await page.keyboard.press("Control+c");
  await click(TAGS, 4);
  await page.keyboard.press("Control+v");
  await expect.poll(() => tags(4)).toEqual(["밤 장면", "VFX"]);
});

test("the table shows those with any of some tags, and of so many stars", async () => {
  await click(STARS, 4);
  await page.keyboard.press("3");
  await expect.poll(() => ratings(4, 5)).toEqual([3]);
  await page.getByRole("button", { name: "필터" }).click();
  await page.getByRole("button", { name: "조건 추가" }).click();
  await page.getByRole("combobox", { name: "열" }).selectOption("tags");
  await page.getByRole("checkbox", { name: "밤 장면" }).check();
  await seen(page, 4);
  await page.getByRole("button", { name: "조건 추가" }).click();
  await page.getByRole("combobox", { name: "열" }).last().selectOption("rating");
  await page.getByRole("combobox", { name: "값" }).selectOption("3");
  await page.keyboard.press("Escape");
  await seen(page, 1);
  await page.goto(`/projects/${CODE}?group=null`);
  await seen(page, SHOTS);
});

test("stars and tags are written in the shot's drawer too, and read in the list", async () => {
  await page.goto(`/projects/${CODE}?group=null&view=list&shot=SHT-00008`);
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "별 5개" }).click();
  await drawer.getByRole("combobox", { name: "태그 추가" }).fill("비, 새벽");
  await page.keyboard.press("Enter");
  await expect.poll(() => tags(7)).toEqual(["비", "새벽"]);
  await drawer.getByRole("button", { name: "태그 “비” 빼기" }).click();
  await expect.poll(() => tags(7)).toEqual(["새벽"]);
  await expect.poll(() => ratings(7, 8)).toEqual([5]);
  await page.keyboard.press("Escape");
  const row = page.locator('[data-shot="SHT-00008"]');
  await expect(row.getByRole("img", { name: "별 5개" })).toBeVisible();
  await expect(row.getByRole("list", { name: "태그" })).toHaveText("새벽");
});
