import { expect, type Page, type Route } from "@playwright/test";
import { test } from "./farm";
import { ACTION, cell, click, newTable, seen, SHOTS, type Table } from "./table";

/** A new row is there before the master has said so. */
const CODE = "NEWROWS";

test.describe.configure({ mode: "serial" });

let page: Page;
let list: Table["list"];

test.beforeAll(async ({ browser, farm }) => {
  page = await (await browser.newContext({ baseURL: farm.url })).newPage();
  ({ list } = await newTable(page, farm, CODE));
});
test.afterAll(() => page.context().close());

/** Holds edits back until it is let go. */
async function held(then: (route: Route) => Promise<void>): Promise<() => void> {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((open) => (letGo = open));
  await page.route("**/edits", async (route) => {
    await gate;
    await then(route);
  });
  return letGo;
}

test("one writes in a new row before it was answered, and nothing is lost", async () => {
  const letGo = await held((route) => route.continue());
  await click(page, ACTION, 0);
  await page.keyboard.press("Control+Enter");
  await seen(page, SHOTS + 1);
  await expect(cell(page, 2, 1)).toHaveText("");
  await click(page, ACTION, 1);
  await page.keyboard.type("early");
  await page.keyboard.press("Enter");
  await expect(cell(page, ACTION, 1)).toHaveText("early");
  expect(await list()).toHaveLength(SHOTS);
  letGo();
  await expect(cell(page, 2, 1)).toHaveText(`SHT-00${SHOTS + 1}`);
  await expect.poll(async () => (await list())[1]?.action).toBe("early");
  await seen(page, SHOTS + 1);
  await page.unroute("**/edits");
});

test("the answer may come while one is typing in the new row", async () => {
  const letGo = await held((route) => route.continue());
  await click(page, ACTION, 2);
  await page.keyboard.press("Control+Enter");
  await seen(page, SHOTS + 2);
  await click(page, ACTION, 3);
  await page.keyboard.type("half");
  letGo();
  await expect(cell(page, 2, 3)).toHaveText(`SHT-00${SHOTS + 2}`);
  await page.keyboard.type(" and half");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[3]?.action).toBe("half and half");
  await page.unroute("**/edits");
});

test("a new row that the master refuses is taken back, which is said", async () => {
  const body = { code: "conflict", message: "오늘은 안 됩니다.", field: null, problems: [], current: null };
  const letGo = await held((route) => route.fulfill({ status: 409, json: { ...body, request_id: "" } }));
  await click(page, ACTION, 0);
  await page.keyboard.press("Control+Enter");
  await seen(page, SHOTS + 3);
  letGo();
  await expect(page.getByText("오늘은 안 됩니다.")).toBeVisible();
  await seen(page, SHOTS + 2);
});
