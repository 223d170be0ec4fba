import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { type Api, openPage } from "./api";
import { test } from "./farm";
import { unanswered } from "./prompt";

const CODE = "OPTICS";

interface Option {
  id: string;
  rev: number;
  name: string;
  [field: string]: unknown;
}

test.describe.configure({ mode: "serial" });

let page: Page;
let api: Api;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  ({ page, api } = await openPage(browser, farm, broken));
  await api("POST", "/api/projects", { code: CODE, name: "빛과 렌즈", style_notes: "quiet, restrained" });
});
test.afterAll(() => page.context().close());

const options = async () =>
  (await api<{ rows: Option[] }>("GET", `/api/projects/${CODE}/cinematic-options`)).rows;
const field = (name: string) =>
  page.getByRole("navigation", { name: "항목" }).getByRole("button", { name: new RegExp(`^${name} `) });
const prompt = () => page.locator("[data-prompt]");
const save = () => page.getByRole("button", { name: "저장", exact: true });

/** Presses a preset, and waits until the prompt has changed. */
async function pick(kind: string, preset: string): Promise<void> {
  const before = (await prompt().textContent()) ?? "";
  await field(kind).click();
  const tiles = page.getByRole("list", { name: kind, exact: true });
  await tiles.getByRole("button", { name: preset, exact: true }).click();
  await expect(prompt()).not.toHaveText(before);
}

test("one press makes a filled option of a set", async () => {
  await page.goto(`/projects/${CODE}`);
  await page.getByRole("link", { name: "시네마틱" }).click();
  await page.getByRole("button", { name: "네오 누아르 밤" }).click();
  await expect(page.getByRole("textbox", { name: "이름" })).toHaveValue("네오 누아르 밤");
  expect(await options()).toMatchObject([{ name: "네오 누아르 밤", lighting_source: "네온" }]);
});

test("lens, film and light: the prompt follows unasked, and is the master's when it is saved", async () => {
  await unanswered(page, async () => {
    for (const [kind, preset] of [
      ["렌즈", "헬리오스 회오리 보케"],
      ["필름", "코닥 포트라 400"],
      ["광원", "창가 빛"],
      ["초점 거리", "85mm 망원"],
      ["환경", "카페"],
      ["화면비", "1.85:1 비스타"],
    ] as const)
      await pick(kind, preset);
  });
  const seen = await prompt().textContent();
  expect(seen).toContain("swirling bokeh");
  await save().click();
  await expect(page.getByText("저장됨")).toBeVisible();
  const [option] = await options();
  const preview = await api<{ text: string }>("POST", `/api/projects/${CODE}/prompt-preview`, {
    cinematic_option_id: option?.id,
  });
  expect(seen).toBe(preview.text);
});

test("presets are found by initial consonants, and own words stand beside them", async () => {
  const box = page.getByRole("searchbox");
  await box.fill("ㄴㅇ");
  const neon = page.getByRole("list", { name: "광원" }).getByRole("button", { name: "네온", exact: true });
  await expect(neon).toBeVisible();
  await neon.click({ modifiers: ["Shift"] });
  await box.fill("");
  await field("광원").click();
  const own = page.getByRole("textbox", { name: "광원: 직접 적기" });
  await expect(own).toHaveValue("창가 빛, 네온");
  await own.fill("창가 빛, 네온, glow of a lighthouse");
  await expect(prompt()).toContainText("glow of a lighthouse");
  await expect(neon).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(prompt()).not.toContainText("lighthouse");
});

test("arrow keys walk over the presets, Enter takes one", async () => {
  await field("화면비").click();
  const tile = (name: string) => page.getByRole("button", { name, exact: true });
  await tile("1.85:1 비스타").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tile("2.00:1 유니비지엄")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(prompt()).toContainText("2:1 Univisium composition");
  await page.keyboard.press("Control+s");
  await expect.poll(async () => (await options())[0]?.["aspect_ratio"]).toBe("2.00:1 유니비지엄");
});

test("unsaved changes are not left behind unasked", async () => {
  await pick("분위기", "고요한");
  await page.getByRole("link", { name: "필름" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("저장하지 않은 변경");
  await dialog.getByRole("button", { name: "머무르기" }).click();
  await expect(prompt()).toContainText("calm, still mood");
  await page.getByRole("button", { name: "되돌리기" }).click();
});

test("a write that comes too late offers mine and theirs", async () => {
  const change = async (atmosphere: string, filter: string) => {
    const [option] = await options();
    await api("PATCH", `/api/cinematic-options/${option?.id}`, { atmosphere, filter });
  };
  for (const [choice, expected] of [
    ["상대 것 받기", "불길한"],
    ["내 것으로 저장", "고요한"],
  ] as const) {
    await change("", "");
    await expect(prompt()).not.toContainText("mood");
    await pick("분위기", "고요한");
    // somebody else is quicker, while the save is on its way
    await page.route(
      "**/api/cinematic-options/*",
      async (route) => {
        await change("불길한", "크로스 필터");
        await route.continue();
      },
      { times: 1 },
    );
    const answered = page.waitForResponse((answer) => answer.request().method() === "PATCH");
    await save().click();
    expect((await answered).status()).toBe(412);
    const notice = page.getByRole("alert");
    await expect(notice).toContainText("다른 사람이");
    await expect(notice.getByRole("row", { name: "분위기 고요한 불길한" })).toBeVisible();
    await notice.getByRole("button", { name: choice }).click();
    await expect(notice).toBeHidden();
    await expect
      .poll(async () => (await options())[0])
      .toMatchObject({
        atmosphere: expected,
        filter: "크로스 필터", // what only they changed stays
      });
  }
});

test("what a shot uses says so and stays; what none uses goes, and comes back by undo", async () => {
  const [option] = await options();
  const remove = page.getByRole("button", { name: "삭제", exact: true });
  await expect(remove).toBeEnabled();

  // a shot that this page does not know of yet: the master refuses and names it
  await page.route(
    `**/api/cinematic-options/${option?.id}`,
    async (route) => {
      await api("POST", `/api/projects/${CODE}/shots`, [
        { scene_description: "카페", cinematic_option_id: option?.id },
      ]);
      await route.continue();
    },
    { times: 1 },
  );
  await remove.click();
  await expect(page.getByText("샷 1개에서 쓰고 있습니다(SHT-00001)")).toBeVisible();
  await expect(remove).toBeDisabled();
  await expect(remove).toHaveAttribute("title", /샷 1개가 쓰고 있어/);
  await page.getByRole("link", { name: /SHT-00001/ }).click();
  await expect(page).toHaveURL(`/projects/${CODE}?shot=SHT-00001`);
  await expect(page.getByRole("dialog")).toContainText("SHT-00001");
  await page.goBack();

  await page.getByRole("button", { name: "복제" }).click();
  await expect(page.getByRole("textbox", { name: "이름" })).toHaveValue("네오 누아르 밤 2");
  await expect(remove).toBeEnabled();
  await remove.click();
  await expect(page.getByText("“네오 누아르 밤 2” 삭제됨")).toBeVisible();
  expect(await options()).toHaveLength(1);
  await page.getByRole("button", { name: "실행 취소" }).click();
  await expect.poll(async () => (await options()).length).toBe(2);
});

for (const theme of ["dark", "light"] as const) {
  test(`axe finds nothing serious (${theme})`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    const [option] = await options();
    for (const path of ["", `?option=${option?.id}`]) {
      await page.goto(`/projects/${CODE}/cinematic${path}`);
      await expect(page.getByText("네오 누아르 밤").or(prompt()).first()).toBeVisible();
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState === "finished"),
      );
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        grave.map(({ id, nodes }) => `${path}: ${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
      ).toEqual([]);
    }
  });
}

test("nothing went wrong in the console on the way", () => {
  expect(broken).toEqual([]);
});
