import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { ACTION, cell, click, newTable, open, SHOTS } from "./table";

/** What could not be sent outlives the page in which it was typed. */
const CODE = "UNSENT";

test.describe.configure({ mode: "serial" });

let page: Page;

test.beforeAll(async ({ browser, farm }) => {
  page = await (await browser.newContext({ baseURL: farm.url })).newPage();
  await newTable(page, farm, CODE);
});
test.afterAll(() => page.context().close());

async function actions(): Promise<string[]> {
  const answer = await page.request.get(`/api/projects/${CODE}/shots?limit=2`);
  return ((await answer.json()) as { rows: { action: string }[] }).rows.map(({ action }) => action);
}

/** The page is closed, and another one opened in the same browser. */
async function comeBack(): Promise<void> {
  const context = page.context();
  const next = await context.newPage();
  await page.close();
  page = next;
  await context.setOffline(false);
}

test("edits of a page that was closed without a connection are sent when the project is opened again", async () => {
  await page.context().setOffline(true);
  for (const line of [0, 1]) {
    await click(page, ACTION, line);
    await page.keyboard.type(`offline ${line}`);
    await page.keyboard.press("Enter");
  }
  await expect(page.getByText("연결을 기다리는 변경 2개")).toBeVisible();
  await comeBack();
  await page.goto(`/projects/${CODE}?group=null`);
  await expect(page.getByText("지난번에 보내지 못한 변경 2건을 보냈습니다.")).toBeVisible();
  await expect(cell(page, ACTION, 0)).toHaveText("offline 0");
  expect(await actions()).toEqual(["offline 0", "offline 1"]);
});

test("what the master did although its answer was lost is not done again", async () => {
  await open(page, CODE);
  let heard = 0;
  await page.route("**/edits", async (route) => {
    if (heard === 0) await route.fetch();
    heard += 1;
    await route.abort();
  });
  await click(page, ACTION, 0);
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => heard).toBeGreaterThan(0);
  await comeBack();
  await page.goto(`/projects/${CODE}?group=null`);
  await expect(page.getByText("지난번에 보내지 못한 변경 1건을 보냈습니다.")).toBeVisible();
  await expect(page.locator("footer").getByText(`샷 ${SHOTS + 1}개`)).toBeVisible();
});

test("an edit that another tab is still to send is left to it", async () => {
  await page.goto(`/projects/${CODE}?group=null`);
  await page.route("**/edits", (route) => route.abort());
  await click(page, ACTION, 1);
  await page.keyboard.type("still mine");
  await page.keyboard.press("Enter");
  await expect(page.getByText("연결을 기다리는 변경 1개")).toBeVisible();
  const other = await page.context().newPage();
  const sent: string[] = [];
  other.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await other.goto(`/projects/${CODE}?group=null`);
  await expect(cell(other, 2, 0)).toHaveText("SHT-00001");
  await page.unroute("**/edits");
  await expect.poll(async () => (await actions())[1]).toBe("still mine");
  expect(sent).toEqual([]);
  await other.close();
});
