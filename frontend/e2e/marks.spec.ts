import { expect, type Page } from "@playwright/test";
import { clickInto, showOnly } from "./columns";
import { test } from "./farm";
import { newTable, seen, SHOTS, type Table } from "./table";

const CODE = "MARKS";
const COLUMNS = [
  { key: "code", width: 116 },
  { key: "rating", width: 118 },
  { key: "tags", width: 170 },
];
const [STARS, TAGS] = [2, 3] as const;
/** Right of the stars. */
const BESIDE = 112;

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
  await showOnly(page, CODE, COLUMNS);
});
test.afterAll(() => page.context().close());

const click = (column: number, line: number, x?: number, shift = false) =>
  clickInto(page, COLUMNS, column, line, { ...(x !== undefined && { x }), shift });

const ratings = async (from: number, to: number) =>
  (await list()).slice(from, to).map(({ rating }) => rating);
const tags = async (line: number) => (await list())[line]?.tags;

test("keys give stars to all that is marked, a click on a star to one shot, and each is one undo", async () => {
  await click(STARS, 0, BESIDE);
  await click(STARS, 2, BESIDE, true);
  await page.keyboard.press("4");
  await expect.poll(() => ratings(0, 4)).toEqual([4, 4, 4, 0]);
  await click(STARS, 1, BESIDE);
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
  await click(TAGS, 2, 8, true);
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
