import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { ACTION, another, cell, click, newTable, SHOTS, type Table } from "./table";

/** What goes wrong around the page is said, and what was typed is kept. */
const CODE = "TROUBLE";

test.describe.configure({ mode: "serial", timeout: 60_000 });

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

const drop = (name: string, bytes: number) =>
  page.evaluate(
    ([called, size]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(size)], called));
      for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );
    },
    [name, bytes] as const,
  );

test("a file that is no shot list, or too large, is refused in words", async () => {
  for (const [name, bytes, words] of [
    ["holiday.exe", 400, /xlsx|엑셀/i],
    ["huge.xlsx", 80 * 1024 * 1024, /MB|MiB|크/],
  ] as const) {
    await drop(name, bytes);
    const alert = page.getByRole("dialog").getByRole("alert");
    await expect(alert).toContainText(words);
    console.log(`${name}: ${await alert.innerText()}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  expect(await list()).toHaveLength(SHOTS);
});

test("a paste of 100,000 cells is refused with the limits, and nothing is changed", async () => {
  await click(page, ACTION, 0);
  await page.evaluate(() =>
    navigator.clipboard.writeText(Array(10_000).fill(Array(10).fill("x").join("\t")).join("\n")),
  );
  await page.keyboard.press("Control+v");
  await expect(page.getByText(/10000행 100000칸은 한 번에 붙여 넣기에 너무 많습니다/)).toBeVisible();
  const rows = await list();
  expect(rows).toHaveLength(SHOTS);
  expect(rows.filter(({ action }) => action === "x")).toHaveLength(0);
});

test("a shot that another deletes while it is edited: who types is told, and can take the words along", async ({
  farm,
}) => {
  const other = await another(page, farm, CODE);
  await click(page, ACTION, 3);
  await page.keyboard.type("a long thought");
  const { id } = (await list())[3] ?? { id: "" };
  await click(other, ACTION, 3);
  await other.keyboard.press("Control+Delete");
  await expect.poll(async () => (await list()).some((shot) => shot.id === id)).toBe(false);
  await page.keyboard.press("Enter");
  const said = page.locator("[data-sonner-toast]").filter({ hasText: "SHT-00004" });
  await expect(said).toBeVisible();
  console.log(await said.innerText());
  await said.getByRole("button", { name: "복사" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("a long thought");
  expect((await list()).some(({ action }) => action === "a long thought")).toBe(false);
  await page.keyboard.press("Escape");

  await click(page, ACTION, 6);
  const edited = (await list())[6];
  await page.keyboard.type("for this shot");
  await click(other, ACTION, 0);
  await other.keyboard.press("Control+Delete");
  await expect(cell(page, 2, 0)).toHaveText("SHT-00002"); // the lines have moved up under the field
  await page.keyboard.press("Enter");
  await expect
    .poll(async () =>
      (await list()).filter(({ action }) => action === "for this shot").map((shot) => shot.id),
    )
    .toEqual([edited?.id]);
  await other.context().close();
});

test("a session that ends covers the page, keeps what is typed, and goes on after a new entry", async ({
  farm,
}) => {
  await page.goto(`/projects/${CODE}?group=null`);
  await expect(cell(page, 2, 5)).toHaveText("SHT-00008"); // two were deleted
  await expect(page.getByText("불러오는 중")).toBeHidden(); // else the rest of the list notices first
  await page.context().clearCookies();
  await click(page, ACTION, 5);
  await page.keyboard.type("typed without a session");
  await page.keyboard.press("Enter");
  const door = page.getByRole("alertdialog", { name: "세션이 끝났습니다" });
  await expect(door).toBeVisible();
  await expect(door).toContainText("cinefarm open");
  const entering = await page.context().newPage();
  await farm.enter(entering);
  await entering.close();
  await expect(door).toBeHidden();
  await expect.poll(async () => (await list())[5]?.action).toBe("typed without a session");
  await expect(cell(page, ACTION, 5)).toHaveText("typed without a session");
});

test("a tab of an older version is told so, also when a part of it is gone", async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  const old = await context.newPage();
  await farm.enter(old);
  // as if it was loaded before an upgrade: its entry had another name, and not all of its parts are still there
  await old.addInitScript(() =>
    document.addEventListener("DOMContentLoaded", () => {
      if (!sessionStorage.getItem("new"))
        document.querySelector("script[src]")?.setAttribute("src", "/assets/older.js");
    }),
  );
  await old.goto(`/projects/${CODE}`);
  const notice = old.getByRole("status").filter({ hasText: "새 버전" });
  await expect(notice).toBeVisible();
  await old.route("**/assets/import-dialog-*.js", (route) => route.fulfill({ status: 404 }));
  await old.getByRole("button", { name: "가져오기" }).first().click();
  await expect(old.getByRole("alert")).toContainText("이 화면을 표시하지 못했습니다");
  await old.unrouteAll();
  await old.evaluate(() => sessionStorage.setItem("new", "yes"));
  await old.getByRole("button", { name: "새로 고침" }).first().click();
  await expect(old.getByRole("button", { name: "가져오기" }).first()).toBeVisible();
  await expect(notice).toBeHidden();
  await context.close();
});
