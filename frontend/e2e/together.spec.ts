import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { ACTION, another, cell, click, newTable, SCENE, type Table } from "./table";

/** Two people at one table. */
const CODE = "TOGETHER";

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
});
test.afterAll(() => page.context().close());

test("A sets 200 shots, B changes 3 of them, A's undo reverts 197 and names the 3", async ({ farm }) => {
  const other = await another(page, farm, CODE);
  await click(page, ACTION, 0);
  await page.evaluate(() => navigator.clipboard.writeText(Array(200).fill("by A").join("\n")));
  await page.keyboard.press("Control+v");
  await expect.poll(async () => (await list()).filter(({ action }) => action === "by A").length).toBe(200);
  const before = (await list()).length;
  for (const line of [0, 2, 4]) {
    await click(other, ACTION, line);
    await other.keyboard.type(`by B ${line}`);
    await other.keyboard.press("Enter");
    await expect(cell(page, ACTION, line)).toHaveText(`by B ${line}`);
  }
  await click(page, ACTION, 0);
  await page.keyboard.press("Control+z");
  const said = page.getByText("3칸은 그 사이 다른 사람이 바꾸어 그대로 두었습니다.");
  await expect(said).toBeVisible();
  const rows = await list();
  expect(rows.filter(({ action }) => action === "by A")).toHaveLength(0);
  expect([0, 2, 4].map((line) => rows[line]?.action)).toEqual(["by B 0", "by B 2", "by B 4"]);
  expect(rows).toHaveLength(before);
  await other.context().close();
});

test("the name one gives oneself is seen by the other at once, and a longer one than fits is refused", async ({
  farm,
}) => {
  const other = await another(page, farm, CODE);
  await other.getByRole("button", { name: /^내 이름/ }).click();
  const field = other.getByRole("textbox", { name: "다른 사람에게 보일 이름" });
  await field.fill("가".repeat(41));
  await expect(field).toHaveAccessibleDescription("이름은 40자까지 쓸 수 있습니다.");
  await field.fill(" 김  미나 ");
  await other.keyboard.press("Enter");
  await expect(field).toBeHidden();
  await expect(page.getByTitle("김 미나 접속 중")).toBeVisible();
  await click(page, ACTION, 8);
  await page.keyboard.type("A");
  await page.keyboard.press("Enter");
  await expect(cell(other, ACTION, 8)).toHaveText("A");
  await click(other, ACTION, 8);
  await other.keyboard.type("B");
  await other.keyboard.press("Enter");
  await expect(cell(page, ACTION, 8)).toHaveText("B");
  await page.keyboard.press("Control+z");
  await expect(page.getByText("김 미나 님")).toBeVisible();
  await other.context().close();
});

test("what is typed is not replaced by what another writes there: it is offered", async ({ farm }) => {
  const other = await another(page, farm, CODE);
  await click(page, ACTION, 6);
  await page.keyboard.type("mine");
  await click(other, ACTION, 6);
  await other.keyboard.type("theirs");
  await other.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "theirs" })).toBeVisible();
  await expect(page.locator("[data-cell-input]")).toHaveValue("mine");
  await page.getByRole("button", { name: "그 값 받기" }).click();
  await expect(cell(page, ACTION, 6)).toHaveText("theirs");
  await other.context().close();
});

test("after ten seconds offline with 50 edits on each side both show equal rows", async ({ farm }) => {
  const other = await another(page, farm, CODE);
  await page.context().setOffline(true);
  const began = Date.now();
  const write = async (which: Page, column: number, text: string) => {
    await click(which, column, 0);
    for (let line = 0; line < 50; line += 1) {
      await which.keyboard.type(`${text} ${line}`);
      await which.keyboard.press("Enter");
    }
  };
  await write(page, ACTION, "offline");
  await write(other, SCENE, "online");
  await expect(page.getByText(/연결을 기다리는 변경/)).toBeVisible();
  await page.waitForTimeout(Math.max(0, 10_000 - (Date.now() - began)));
  await page.context().setOffline(false);
  await expect(page.getByText(/연결을 기다리는 변경|저장 중/)).toBeHidden({ timeout: 30_000 });
  const rows = (await list()).slice(0, 50);
  expect(rows.map(({ action }) => action)).toEqual(rows.map((_, line) => `offline ${line}`));
  expect(rows.map(({ scene_description }) => scene_description)).toEqual(
    rows.map((_, line) => `online ${line}`),
  );
  for (const which of [page, other]) {
    await click(which, ACTION, 0); // back at the top
    await which.keyboard.press("Control+Home");
    await expect(cell(which, ACTION, 3)).toHaveText("offline 3");
    await expect(cell(which, SCENE, 3)).toHaveText("online 3");
  }
  await other.context().close();
});
