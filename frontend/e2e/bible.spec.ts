import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "./farm";
import { type Api, apiOf, LOOKS, makeBible, pick, type Shot, unanswered } from "./prompt";

const CODE = "BIBLE";
const OPTIONS = 20;
const ADDRESS = `/projects/${CODE}?view=list&shot=SHT-00001`;

test.describe.configure({ mode: "serial" });

let page: Page;
let drawer: Locator;
let prompt: Locator;
let api: Api;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
  drawer = page.getByRole("dialog");
  prompt = drawer.locator("[data-prompt]");
  api = apiOf(page, farm);
  await farm.enter(page);
  await makeBible(api, CODE, OPTIONS);
});
test.afterAll(() => page.context().close());

async function shot(): Promise<Shot> {
  const { rows } = await api<{ rows: Shot[] }>("GET", `/api/projects/${CODE}/shots`);
  if (rows[0] === undefined) throw new Error("no shot");
  return rows[0];
}

const kept = async () => (await shot()).generated_prompt;

test("the prompt follows each pick before the master answers, and is the one that it then keeps", async () => {
  await page.goto(ADDRESS);
  await expect(prompt).toContainText("비 오는 밤, 시장 골목");
  const picked = async (label: string, value: string) => {
    const now = await unanswered(page, () => pick(page, drawer.getByLabel(label), value));
    await expect.poll(kept).toBe(now);
  };
  await picked("캐릭터 추가…", "미나");
  await picked("캐릭터 추가…", "순자");
  for (let number = 0; number < OPTIONS; number += 1) {
    await picked("시네마틱 옵션", `옵션 ${number}`);
    const look = LOOKS[(Math.floor(number / 2) + 1) % LOOKS.length]; // the first is what they wear by default
    await picked(`${number % 2 ? "순자" : "미나"}의 의상`, look ?? "");
  }
});

test("each part has its colour and its name, and an empty part leaves no comma", async () => {
  const names = drawer.getByRole("list", { name: "색이 뜻하는 부분" }).getByRole("listitem");
  for (const part of ["스타일", "인물", "액션", "장면", "카메라", "렌즈", "필름", "조명", "트리거"])
    await expect(names.filter({ hasText: part })).toHaveCount(1);
  await drawer.getByRole("button", { name: "순자 빼기" }).click();
  await expect(prompt).not.toContainText("순자");
  await drawer.getByLabel("시네마틱 옵션").selectOption("");
  await expect(names.filter({ hasText: "렌즈" })).toHaveCount(0);
  await expect(prompt).not.toHaveText(/,\s*,|,\s*$/);
  await expect.poll(kept).toBe(await prompt.textContent());
});

test("an own prompt is kept and marked while the assembled one goes on, and one click goes back", async () => {
  await drawer.getByRole("button", { name: "직접 쓰기" }).click();
  const own = drawer.getByLabel("직접 쓴 프롬프트");
  await own.fill("a lighthouse at dawn");
  await own.blur();
  await expect.poll(async () => (await shot()).prompt_override).toBe("a lighthouse at dawn");
  await page.reload();
  await expect(own).toHaveValue("a lighthouse at dawn");
  await expect(drawer.getByText("직접 입력함", { exact: true })).toBeVisible();
  await pick(page, drawer.getByLabel("시네마틱 옵션"), "옵션 3");
  await expect.poll(kept).toBe(await prompt.textContent());
  expect((await shot()).prompt_override).toBe("a lighthouse at dawn");

  await drawer.getByRole("button", { name: "조립된 프롬프트로 되돌리기" }).click();
  await expect(own).toBeHidden();
  await expect.poll(async () => (await shot()).prompt_override).toBeNull();
});

test("a negative prompt is kept when one leaves its field", async () => {
  const negative = drawer.getByLabel("네거티브 프롬프트");
  await negative.fill("흐림, text");
  await negative.blur();
  await expect.poll(async () => (await shot()).negative_prompt).toBe("흐림, text");
});

test("what is being typed is kept when Escape closes the drawer", async () => {
  await drawer.getByLabel("네거티브 프롬프트").fill("손가락 여섯");
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect.poll(async () => (await shot()).negative_prompt).toBe("손가락 여섯");
});

for (const theme of ["dark", "light"] as const) {
  test(`axe finds nothing serious in the drawer with its prompt (${theme})`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(ADDRESS);
    await expect(prompt).toContainText("비 오는 밤, 시장 골목");
    await page.waitForFunction(() =>
      document.getAnimations().every(({ playState }) => playState === "finished"),
    );
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
  });
}

test("nothing went wrong in the console on the way", () => {
  expect(broken).toEqual([]);
});
