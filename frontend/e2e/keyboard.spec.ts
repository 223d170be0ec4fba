import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { seen } from "./table";

/** The whole way from the list of projects to pictures, by keys alone. */
const CODE = "KEYS";
const NAME = "키보드로만";
const MOST_TABS = 60;

/** Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const focused = await page.evaluate(() => {
      const at = document.activeElement;
      return at === document.body ? "" : (at?.getAttribute("aria-label") ?? at?.textContent ?? "");
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no ${name} after ${MOST_TABS} tabs`);
}

test("open, filter, edit, reorder and generate without a pointer", async ({ page, farm }) => {
  await farm.enter(page);
  const api = async (method: string, path: string, data?: unknown) => {
    const answer = await page.request.fetch(farm.url + path, {
      method,
      headers: { origin: farm.url },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as { rows: { code: string; action: string; status: string }[] };
  };
  const list = async () => (await api("GET", `/api/projects/${CODE}/shots`)).rows;
  await api("POST", "/api/projects", { code: CODE, name: NAME });
  await api(
    "POST",
    `/api/projects/${CODE}/shots`,
    ["비 오는 골목", "시장", "빈 지하철", "골목의 고양이"].map((scene_description) => ({
      scene_description,
    })),
  );

  await page.goto(farm.url);
  await expect(page.getByRole("link", { name: new RegExp(NAME) })).toBeVisible();
  await tabTo(page, new RegExp(NAME));
  await page.keyboard.press("Enter");
  await seen(page, 4);

  await tabTo(page, /^필터$/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^조건 추가$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "필터 1개" })).toBeVisible();
  await page.keyboard.press("Escape");
  await tabTo(page, /^샷 표$/);
  await page.keyboard.press("Control+f");
  await page.keyboard.insertText("ㄱㅁ"); // 골목
  await seen(page, 2);

  await tabTo(page, /^샷 표$/);
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"])
    await page.keyboard.press(key);
  await page.keyboard.insertText("천천히 다가간다");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[0]?.action).toBe("천천히 다가간다");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await list()).at(-1)?.code).toBe("SHT-00001");

  await page.keyboard.press("Alt+g");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await tabTo(page, /^생성 시작$/);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect
    .poll(async () => (await list()).find(({ code }) => code === "SHT-00001")?.status, { timeout: 60_000 })
    .toBe("completed");
});
