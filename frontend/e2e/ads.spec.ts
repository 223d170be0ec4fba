/** The ad studio as a shop owner uses it, with a real master and worker and no model. */
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { type Api, openPage } from "./api";
import { test } from "./farm";

const PHOTOS = join(import.meta.dirname, "photos"); // drawn by tests/photos
const MADE_MS = 120_000; // on a machine that is busy with much else

interface Stage {
  key: string;
  job_id: string;
  status: string;
  earlier: string[];
}
interface Ad {
  id: string;
  name: string;
  status: string;
  parameters: Record<string, unknown>;
  cut_out: { trusted: boolean } | null;
  shared: Stage[];
  branches: { key: string; result: { url: string; name: string } | null; stages: Stage[] }[];
}

test.describe.configure({ mode: "serial" });

let page: Page;
let api: Api;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  ({ page, api } = await openPage(browser, farm, broken));
});
test.afterAll(() => page.context().close());

const ad = () => api<Ad>("GET", `/api/ads/${page.url().split("/").at(-1)}`);
const jobs = async (): Promise<Record<string, string>> => {
  const { shared, branches } = await ad();
  return Object.fromEntries([...shared, ...(branches[0]?.stages ?? [])].map((one) => [one.key, one.job_id]));
};
const downloads = () => page.getByRole("link", { name: "내려받기" });
const made = async (pictures: number) => {
  await expect(downloads()).toHaveCount(pictures, { timeout: MADE_MS });
  await expect.poll(async () => (await ad()).status, { timeout: MADE_MS }).toBe("completed");
  await expect(downloads()).toHaveCount(pictures);
};
const button = (name: string | RegExp) =>
  page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
const group = (name: string) => page.getByRole("group", { name, exact: true });

test("what cannot be an ad yet says why, and a file that is no photo is refused at once", async () => {
  await page.getByRole("link", { name: "광고" }).click();
  await expect(page.getByText("아직 만든 광고가 없습니다")).toBeVisible();
  await expect(button("광고 만들기")).toBeDisabled();
  await expect(page.getByText("제품 사진을 먼저 올리세요.")).toBeVisible();
  const photo = page.locator("input[type=file]");
  await photo.setInputFiles({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
  await expect(page.getByRole("alert")).toHaveText(
    "이 파일은 쓸 수 없습니다. JPG, PNG, WebP 사진을 고르세요.",
  );
  const large = { name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) };
  await photo.setInputFiles(large);
  await expect(page.getByRole("alert")).toContainText("10MB를 넘습니다");
  await photo.setInputFiles({ name: "torn.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByLabel("큰 글자").fill("가".repeat(21));
  await expect(page.getByText("1자 넘었습니다. 20자까지 쓸 수 있습니다.")).toBeVisible();
  await expect(button("광고 만들기")).toBeDisabled();
  await page.getByLabel("큰 글자").fill("유자차 대박 세일");
  await button("광고 만들기").click();
  await expect(page.getByRole("alert").first()).toBeVisible(); // the master looked into it
  await expect(page.getByLabel("큰 글자")).toHaveValue("유자차 대박 세일");
});

test("a photo and a line become an ad, stage by stage", async () => {
  await page.locator("input[type=file]").setInputFiles(join(PHOTOS, "jar.jpg"));
  await group("배경").getByRole("button", { name: "대리석" }).click();
  await button("광고 만들기").click();
  await expect(page.getByRole("progressbar", { name: "진행률" })).toBeVisible();
  await made(1);
  for (const stage of ["제품 오려내기", "배경", "제품 놓기", "글자 자리 찾기", "글자", "완성"])
    await expect(
      page.getByRole("list", { name: "만드는 과정" }).getByText(stage, { exact: true }),
    ).toBeVisible();
  const done = await ad();
  expect(done.parameters).toMatchObject({ ad_text: "유자차 대박 세일", background_style: "marble" });

  await page.locator("[data-stage=backdrop]").getByRole("button").click();
  await expect(page.getByAltText("만드는 중인 그림")).toBeVisible();
  await page.locator("[data-stage=backdrop]").getByRole("button").click();
  await expect(page.getByAltText("완성된 광고: 유자차 대박 세일")).toBeVisible();

  const [file] = await Promise.all([page.waitForEvent("download"), downloads().click()]);
  expect(file.suggestedFilename()).toMatch(/^유자차 대박 세일.*\.png$/);
});

test("other words, place and colour make the words again, and nothing else", async () => {
  const before = await jobs();
  await expect(button("바꾼 대로 다시 만들기")).toBeDisabled();
  await page.getByLabel("큰 글자").fill("달콤한 유자차");
  await page.getByLabel("아랫줄").fill("오늘만 30% 할인");
  await group("글자 위치").getByRole("button", { name: "위" }).click();
  await group("글자 색").getByRole("button", { name: "흰색" }).click();
  await group("글자 모양").getByRole("button", { name: "네온" }).click();
  await expect(page.getByText("글자만 다시 만듭니다. 금방 끝나요.")).toBeVisible();
  await page.getByLabel("큰 글자").press("Enter");
  await expect(page.getByRole("heading", { name: "달콤한 유자차" })).toBeVisible();
  await made(1);
  const after = await jobs();
  const again = Object.keys(after).filter((key) => after[key] !== before[key]);
  expect(again.sort()).toEqual(["finish", "layout", "lettering"]);
  expect((await ad()).parameters).toMatchObject({
    sub_text: "오늘만 30% 할인",
    text_position: "top",
    text_color: "#ffffff",
    text_style: "neon",
  });
});

test("letters become solid, and only they are made again", async () => {
  const before = await jobs();
  await group("글자 종류").getByRole("button", { name: "입체 글자" }).click();
  await expect(page.getByLabel("아랫줄")).toHaveCount(0);
  await group("글자 모양").getByRole("button", { name: "황금" }).click();
  await button("바꾼 대로 다시 만들기").click();
  await expect.poll(async () => (await jobs())["lettering"]).not.toBe(before["lettering"]);
  await made(1);
  const after = await jobs();
  expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual(["lettering", "finish"]);
  await expect(page.getByText("대리석 · 황금")).toBeVisible();
});

test("variants stand side by side, in every size", async () => {
  await group("크기").getByRole("button", { name: /9:16/ }).click();
  await group("시안").getByRole("button", { name: "2개" }).click();
  await group("배경").getByRole("button", { name: "눈" }).click();
  await expect(group("배경").getByRole("button", { pressed: true })).toHaveCount(2);
  const before = await jobs();
  await button("바꾼 대로 다시 만들기").click();
  await made(2);
  expect(await jobs()).toEqual(before); // what was there stays
  await expect(page.locator("[data-branch]")).toHaveCount(2);
  await page.getByRole("button", { name: "1080 × 1920" }).click();
  await expect(downloads()).toHaveCount(2);
  await button("시안 B 보기").click();
  await expect(page.getByText("시안 B · 만드는 과정")).toBeVisible();
  expect((await ad()).branches.map(({ key }) => key)).toEqual([
    "1024x1024/1",
    "1024x1024/2",
    "1080x1920/1",
    "1080x1920/2",
  ]);
});

test("what is being made can be stopped, and goes on where it was", async () => {
  await button("다시 만들기").click();
  await page.getByRole("menuitem", { name: "처음(배경)부터 다시" }).click();
  await button("멈추기").click();
  await expect(page.getByText("멈춤", { exact: true })).toBeVisible();
  await button("이어서 만들기").click();
  await made(2);
});

test("a doubtful cut-out is told, and painting where the product is cuts it out again", async () => {
  await page.getByRole("link", { name: "모든 광고" }).click();
  await expect(page.locator("[data-ad]")).toHaveCount(1);
  await page.locator("input[type=file]").setInputFiles(join(PHOTOS, "shoe.jpg"));
  await page.getByLabel("큰 글자").fill("봄 신상 운동화");
  await button("광고 만들기").click();
  await made(1);
  expect((await ad()).cut_out?.trusted).toBe(false);
  const before = await jobs();
  await button("제품 칠해서 알려 주기").click();
  const dialog = page.getByRole("dialog", { name: "어디가 제품인가요?" });
  const area = dialog.getByRole("application");
  await expect(dialog.getByRole("button", { name: "이 힌트로 다시 오려내기" })).toBeDisabled();
  const box = await area.boundingBox();
  if (box === null) throw new Error("the photo is not there");
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.65);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.65, { steps: 8 });
  await page.mouse.up();
  await dialog.getByRole("button", { name: "제품 아님" }).click();
  await area.focus(); // and by keyboard
  await page.keyboard.press("Space");
  for (let step = 0; step < 12; step += 1) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await dialog.getByRole("button", { name: "이 힌트로 다시 오려내기" }).click();
  await expect(dialog).toBeHidden();
  await made(1);
  expect((await jobs())["cut_out"]).not.toBe(before["cut_out"]);
  const { hint_image: hint } = (await ad()).parameters;
  const painted = await page.evaluate(
    async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
      const brush = canvas.getContext("2d");
      brush?.drawImage(image, 0, 0);
      const colour = (x: number, y: number) => [
        ...(brush?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data ?? []),
      ];
      return { keep: colour(0.5, 0.65), remove: colour(0.5, 0.4), open: colour(0.1, 0.1)[3] };
    },
    `/api/media/${String(hint)}`,
  );
  expect(painted).toEqual({ keep: [0, 220, 60, 255], remove: [240, 30, 40, 255], open: 0 });
});

test("past ads are kept with their pictures, also after a reload and in English", async () => {
  await page.getByRole("link", { name: "모든 광고" }).click();
  await expect(page.locator("[data-ad]")).toHaveCount(2);
  await page.reload();
  await expect(page.locator("[data-ad] img")).toHaveCount(2);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Ads made so far" })).toBeVisible();
  await page.getByRole("button", { name: "한국어" }).click();
});

for (const colorScheme of ["dark", "light"] as const)
  test(`no serious finding of axe, ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    };
    await page.goto("/ads");
    await expect(page.locator("[data-ad] img")).toHaveCount(2);
    await check();
    await page.locator("[data-ad] a").first().click();
    await expect(downloads()).toHaveCount(1);
    await check();
    const doubt = button("제품 칠해서 알려 주기");
    if (await doubt.isVisible()) {
      await doubt.click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await check();
      await page.keyboard.press("Escape");
    }
  });

test("no script of the page has broken", () => {
  expect(broken).toEqual([]);
});
