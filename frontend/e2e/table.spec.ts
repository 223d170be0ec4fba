import AxeBuilder from "@axe-core/playwright";
import { type CDPSession, expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { ACTION, CAST, cell, click, FRAMES, newTable, SCENE, seen, SHOTS, type Table } from "./table";

const CODE = "TABLE";

test.describe.configure({ mode: "serial" });

let page: Page;
let devtools: CDPSession;
let list: Table["list"];
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({
    baseURL: farm.url,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.message));
  ({ list } = await newTable(page, farm, CODE));
  devtools = await context.newCDPSession(page);
});
test.afterAll(() => page.context().close());

/** 각, as a Korean input method composes it. */
async function compose(): Promise<void> {
  for (const text of ["ㄱ", "가", "각"])
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
}

/** The Enter that ends a composition, as the browser tells it, and then the text. */
async function endComposition(): Promise<void> {
  await devtools.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
  });
  await devtools.send("Input.insertText", { text: "각" });
}

test("Hangul composed on a merely selected cell is written whole, the composing Enter included", async () => {
  await click(page, ACTION, 0);
  await compose();
  await endComposition();
  await expect(page.locator("[data-cell-input]")).toHaveValue("각");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[0]?.action).toBe("각");
});

test("so is Hangul in a cell that is edited with F2, in the filter box and in the palette", async () => {
  await click(page, ACTION, 1);
  await page.keyboard.press("F2");
  await compose();
  await endComposition();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[1]?.action).toBe("각");

  await page.keyboard.press("Control+f");
  await compose();
  await endComposition();
  await expect(page.getByRole("searchbox")).toHaveValue("각");
  await seen(page, 2);
  await page.getByRole("searchbox").fill("");
  await seen(page, SHOTS);

  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog").getByRole("combobox");
  await expect(palette).toBeFocused();
  await compose();
  await endComposition();
  await expect(palette).toHaveValue("각");
  await page.keyboard.press("Escape");
});

test("a number takes a number, and says what is wrong with anything else without losing it", async () => {
  await click(page, ACTION, 0);
  for (let column = ACTION; column < FRAMES; column += 1) await page.keyboard.press("ArrowRight");
  await compose();
  await endComposition();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("“각”은(는) 프레임 수가 아닙니다");
  await expect(page.locator("[data-cell-input]")).toHaveValue("각");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("72");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[0]?.frame_count).toBe(72);
  await page.keyboard.press("Control+Home");
});

test("ranges are copied, pasted, filled and cleared, and each is one undo", async () => {
  const before = await list();
  await click(page, SCENE, 0);
  await click(page, SCENE, 1, ["Shift"]);
  await page.keyboard.press("Control+c");
  await click(page, ACTION, 2);
  await page.keyboard.press("Control+v");
  await expect
    .poll(async () => (await list()).slice(2, 4).map(({ action }) => action))
    .toEqual(["scene 0", "scene 1"]);
  await click(page, ACTION, 3);
  await click(page, ACTION, 5, ["Shift"]);
  await page.keyboard.press("Control+d");
  await expect
    .poll(async () => (await list()).slice(3, 6).map(({ action }) => action))
    .toEqual(Array(3).fill("scene 1"));
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("everywhere");
  await page.keyboard.press("Control+Enter");
  await expect
    .poll(async () => (await list()).slice(3, 6).map(({ action }) => action))
    .toEqual(Array(3).fill("everywhere"));
  await page.keyboard.press("Delete");
  await expect.poll(async () => (await list()).slice(3, 6).map(({ action }) => action)).toEqual(["", "", ""]);
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("Control+z");
  await expect
    .poll(async () => (await list()).map(({ action }) => action))
    .toEqual(before.map(({ action }) => action));
});

test("a merged cell of a pasted table fills its first cell, and those it covers stay", async () => {
  const [first, second] = await list();
  await page.evaluate(() => {
    const html = "<table><tr><td rowspan=2>merged</td><td>one</td></tr><tr><td>two</td></tr></table>";
    const item = {
      "text/html": new Blob([html], { type: "text/html" }),
      "text/plain": new Blob(["merged"], { type: "text/plain" }),
    };
    return navigator.clipboard.write([new ClipboardItem(item)]);
  });
  await click(page, SCENE, 0);
  await page.keyboard.press("Control+v");
  const texts = async () =>
    (await list()).slice(0, 2).map(({ scene_description, action }) => [scene_description, action]);
  await expect.poll(texts).toEqual([
    ["merged", "one"],
    [second?.scene_description, "two"],
  ]);
  await page.keyboard.press("Control+z");
  await expect.poll(texts).toEqual([first, second].map((shot) => [shot?.scene_description, shot?.action]));
});

test("a paste with names nobody knows is shown before anything is written", async () => {
  await page.evaluate(() => navigator.clipboard.writeText("두리(우비)\n하나"));
  await click(page, CAST, 0);
  await page.keyboard.press("Control+v");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("없는 캐릭터");
  await expect(dialog).toContainText("두리");
  await dialog.getByRole("combobox", { name: /두리/ }).selectOption("skip");
  await dialog.getByRole("button", { name: "붙여 넣기" }).click();
  await expect(dialog).toBeHidden();
  await expect(cell(page, CAST, 1)).toHaveText("하나");
  await page.keyboard.press("Control+z");
});

test("rows move by Alt and an arrow, and a new row comes with Ctrl+Enter", async () => {
  const [first, second] = await list();
  await click(page, ACTION, 0);
  await page.keyboard.press("Alt+ArrowDown");
  await expect
    .poll(async () => (await list()).slice(0, 2).map(({ id }) => id))
    .toEqual([second?.id, first?.id]);
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await list())[0]?.id).toBe(first?.id);
  await page.keyboard.press("Control+Enter");
  await seen(page, SHOTS + 1);
  await page.keyboard.press("Control+z");
  await seen(page, SHOTS);
});

test("filters, sorting and a saved view come back by a link", async () => {
  await page.getByRole("button", { name: "필터" }).click();
  await page.getByRole("button", { name: "조건 추가" }).click();
  await page.getByRole("combobox", { name: "열" }).selectOption("scene_description");
  await page.getByRole("combobox", { name: "조건" }).selectOption("has");
  await page.getByRole("textbox", { name: "값" }).fill("scene 1");
  await page.keyboard.press("Escape");
  await seen(page, 111);
  await page.getByRole("button", { name: "보기", exact: true }).click();
  await page.getByRole("textbox", { name: "보기 이름" }).fill("장면 하나");
  await page.getByRole("button", { name: "저장" }).click();
  await expect(page.getByRole("button", { name: "장면 하나", exact: true })).toBeVisible();
  await page.reload();
  await seen(page, 111);
  await page.goto(`/projects/${CODE}`);
  await seen(page, SHOTS);
  await page.getByRole("button", { name: "보기", exact: true }).click();
  await page.getByRole("button", { name: "장면 하나", exact: true }).click();
  await seen(page, 111);
  await page.keyboard.press("Escape");
});

for (const theme of ["dark", "light"] as const) {
  test(`axe finds nothing serious around the table (${theme})`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`/projects/${CODE}?group=null`);
    await expect(cell(page, 2, 0)).toHaveText("SHT-00001");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "단축키" })).toBeVisible();
    for (const shown of ["the sheet of keys", "the table"]) {
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState === "finished"),
      );
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        grave.map(({ id, nodes }) => `${shown}: ${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
      ).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
}

test("nothing went wrong in the console on the way", () => {
  expect(broken).toEqual([]);
});
