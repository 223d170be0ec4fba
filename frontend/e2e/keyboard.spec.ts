import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { seen } from "./table";

/** The whole way from the list of projects to a confirmed take, by keys alone. */
const CODE = "KEYS";
const NAME = "키보드로만";
const MOST_TABS = 60;

/** Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
    const focused = await page.evaluate(() => {
      const at = document.activeElement;
      if (!(at instanceof HTMLElement) || at === document.body) return "";
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : undefined;
      return at.getAttribute("aria-label") ?? label ?? at.textContent;
    });
    if (name.test(focused.trim())) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no ${name} after ${MOST_TABS} tabs`);
}

test("open, filter, edit, reorder, generate, compare and confirm without a pointer", async ({
  page,
  farm,
}) => {
  await farm.enter(page);
  const api = async (method: string, path: string, data?: unknown) => {
    const answer = await page.request.fetch(farm.url + path, {
      method,
      headers: { origin: farm.url },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return (await answer.json()) as {
      rows: { code: string; label: string; confirmed: boolean; action: string }[];
    };
  };
  const list = async () => (await api("GET", `/api/projects/${CODE}/shots`)).rows;
  const takes = async () => (await api("GET", `/api/projects/${CODE}/takes?shot=SHT-00001`)).rows;
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await api("POST", "/api/projects", { code: CODE, name: NAME, width: 640, height: 360 });
  await api(
    "POST",
    `/api/projects/${CODE}/shots`,
    ["비 오는 골목", "시장", "빈 지하철", "골목의 고양이"].map((scene_description) => ({
      scene_description,
    })),
  );
  await page.goto(farm.url);
  await expect(page.getByRole("link", { name: new RegExp(NAME) })).toBeVisible();

  await test.step("open", async () => {
    await tabTo(page, new RegExp(NAME));
    await press("Enter");
    await seen(page, 4);
  });

  await test.step("filter", async () => {
    await tabTo(page, /^필터$/);
    await press("Enter");
    await tabTo(page, /^조건 추가$/);
    await press("Enter");
    await expect(page.getByRole("button", { name: "필터 1개" })).toBeVisible();
    await tabTo(page, /^조건$/);
    await press("ArrowDown", "Tab", "End"); // is not, approved
    await expect(page).toHaveURL(/isNot.*approved/);
    await press("Escape");
    await tabTo(page, /^샷 표$/);
    await press("Control+f");
    await page.keyboard.insertText("ㄱㅁ"); // 골목
    await seen(page, 2);
  });

  await test.step("edit a cell and reorder", async () => {
    await tabTo(page, /^샷 표$/);
    await press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    await page.keyboard.insertText("천천히 다가간다");
    await press("Enter");
    await expect.poll(async () => (await list())[0]?.action).toBe("천천히 다가간다");
    await press("ArrowUp", "Alt+ArrowDown");
    await expect.poll(async () => (await list()).at(-1)?.code).toBe("SHT-00001");
  });

  const dialog = page.getByRole("dialog");
  await test.step("generate two takes", async () => {
    await press("Alt+g");
    await expect(dialog).toBeVisible();
    await tabTo(page, /^샷마다 테이크/);
    await page.keyboard.insertText("2");
    await tabTo(page, /^생성 시작$/);
    await press("Enter");
    await expect(dialog).toBeHidden();
    await expect.poll(async () => (await takes()).length, { timeout: 60_000 }).toBe(2);
  });

  await test.step("compare the takes", async () => {
    await press("Space"); // the cursor is still on the shot
    await expect(dialog.getByText("SHT-00001")).toBeVisible();
    await expect(dialog.getByRole("checkbox")).toHaveCount(2);
    for (const take of ["v001", "v002"]) {
      await tabTo(page, new RegExp(`^${take} 고르기$`));
      await press("Space");
    }
    await tabTo(page, /^2개 비교$/);
    await press("Enter");
    const compare = page.getByRole("dialog", { name: /^비교/ });
    await expect(compare.getByRole("img")).toHaveCount(2);
    await press("w", "ArrowLeft");
    await expect(compare.getByRole("slider", { name: "와이프 경계" })).toHaveAttribute("aria-valuenow", "48");
    await press("Escape");
    await expect(compare).toBeHidden();
  });

  await test.step("confirm the first", async () => {
    await tabTo(page, /^v001 크게 보기$/);
    await press("Tab", "Enter");
    await expect
      .poll(async () => (await takes()).filter(({ confirmed }) => confirmed).map(({ label }) => label))
      .toEqual(["v001"]);
  });
});
