/** The ad studio as a shop owner uses it, with a real master and worker and no model. */
import { expect, type Page } from "@playwright/test";
import { test } from "./farm";
import { noSeriousFinding, openStudio, photo, type Studio } from "./studio";

test.describe.configure({ mode: "serial" });

let page: Page;
let studio: Studio;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  ({ page, studio } = await openStudio(browser, farm, broken));
});
test.afterAll(() => page.context().close());

test("what cannot be an ad yet says why, and a file that is no photo is refused at once", async () => {
  await page.goto("/");
  await page.getByRole("link", { name: "광고" }).click();
  await expect(page.getByText("아직 만든 광고가 없습니다")).toBeVisible();
  await expect(studio.button("광고 만들기")).toBeDisabled();
  await expect(page.getByText("제품 사진을 먼저 올리세요.")).toBeVisible();
  await studio.bring({ name: "list.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
  await expect(page.getByRole("alert")).toHaveText(
    "이 파일은 쓸 수 없습니다. JPG, PNG, WebP 사진을 고르세요.",
  );
  const large = { name: "large.png", mimeType: "image/png", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) };
  await studio.bring(large);
  await expect(page.getByRole("alert")).toContainText("10MB를 넘습니다");
  await studio.bring({ name: "torn.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.getByLabel("큰 글자").fill("가".repeat(21));
  await expect(page.getByText("1자 넘었습니다. 20자까지 쓸 수 있습니다.")).toBeVisible();
  await expect(studio.button("광고 만들기")).toBeDisabled();
  await page.getByLabel("큰 글자").fill("유자차 대박 세일");
  await studio.button("광고 만들기").click();
  await expect(page.getByRole("alert").first()).toBeVisible(); // the master looked into it
  await expect(page.getByLabel("큰 글자")).toHaveValue("유자차 대박 세일");
});

test("a photo and a line become an ad, stage by stage", async () => {
  await studio.bring(photo("jar"));
  await studio.group("배경").getByRole("button", { name: "대리석" }).click();
  await studio.button("광고 만들기").click();
  await expect(page.getByRole("progressbar", { name: "진행률" })).toBeVisible();
  await studio.made(1);
  for (const stage of ["제품 오려내기", "배경", "제품 놓기", "글자 자리 찾기", "글자", "완성"])
    await expect(
      page.getByRole("list", { name: "만드는 과정" }).getByText(stage, { exact: true }),
    ).toBeVisible();
  const done = await studio.ad();
  expect(done.parameters).toMatchObject({ ad_text: "유자차 대박 세일", background_style: "marble" });

  await page.locator("[data-stage=backdrop]").getByRole("button").click();
  await expect(page.getByAltText("만드는 중인 그림")).toBeVisible();
  await page.locator("[data-stage=backdrop]").getByRole("button").click();
  await expect(page.getByAltText("완성된 광고: 유자차 대박 세일")).toBeVisible();

  const [file] = await Promise.all([page.waitForEvent("download"), studio.downloads().click()]);
  expect(file.suggestedFilename()).toMatch(/^유자차 대박 세일.*\.png$/);
});

test("other words, place and colour make the words again, and nothing else", async () => {
  const before = await studio.jobs();
  await expect(studio.button("바꾼 대로 다시 만들기")).toBeDisabled();
  await page.getByLabel("큰 글자").fill("달콤한 유자차");
  await page.getByLabel("아랫줄").fill("오늘만 30% 할인");
  await studio.group("글자 위치").getByRole("button", { name: "위" }).click();
  await studio.group("글자 색").getByRole("button", { name: "흰색" }).click();
  await studio.group("글자 모양").getByRole("button", { name: "네온" }).click();
  await expect(page.getByText("글자만 다시 만듭니다. 금방 끝나요.")).toBeVisible();
  await page.getByLabel("큰 글자").press("Enter");
  await expect(page.getByRole("heading", { name: "달콤한 유자차" })).toBeVisible();
  await studio.made(1);
  const after = await studio.jobs();
  const again = Object.keys(after).filter((key) => after[key] !== before[key]);
  expect(again.sort()).toEqual(["finish", "layout", "lettering"]);
  expect((await studio.ad()).parameters).toMatchObject({
    sub_text: "오늘만 30% 할인",
    text_position: "top",
    text_color: "#ffffff",
    text_style: "neon",
  });
});

test("letters become solid, and only they are made again", async () => {
  const before = await studio.jobs();
  await studio.group("글자 종류").getByRole("button", { name: "입체 글자" }).click();
  await expect(page.getByLabel("아랫줄")).toHaveCount(0);
  await studio.group("글자 모양").getByRole("button", { name: "황금" }).click();
  await studio.button("바꾼 대로 다시 만들기").click();
  await expect.poll(async () => (await studio.jobs())["lettering"]).not.toBe(before["lettering"]);
  await studio.made(1);
  const after = await studio.jobs();
  expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual(["lettering", "finish"]);
  await expect(page.getByText("대리석 · 황금")).toBeVisible();
});

test("variants stand side by side, in every size", async () => {
  await studio.group("크기").getByRole("button", { name: /9:16/ }).click();
  await studio.group("시안").getByRole("button", { name: "2개" }).click();
  await studio.group("배경").getByRole("button", { name: "눈" }).click();
  await expect(studio.group("배경").getByRole("button", { pressed: true })).toHaveCount(2);
  const before = await studio.jobs();
  await studio.button("바꾼 대로 다시 만들기").click();
  await studio.made(2);
  expect(await studio.jobs()).toEqual(before); // what was there stays
  await expect(page.locator("[data-branch]")).toHaveCount(2);
  await page.getByRole("button", { name: "1080 × 1920" }).click();
  await expect(studio.downloads()).toHaveCount(2);
  await studio.button("시안 B 보기").click();
  await expect(page.getByText("시안 B · 만드는 과정")).toBeVisible();
  const [zip] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "모두 내려받기" }).click(),
  ]);
  expect(zip.suggestedFilename()).toMatch(/^달콤한 유자차.*\.zip$/);
  expect((await studio.ad()).branches.map(({ key }) => key)).toEqual([
    "1024x1024/1",
    "1024x1024/2",
    "1080x1920/1",
    "1080x1920/2",
  ]);
});

test("what is being made can be stopped, and goes on where it was", async () => {
  await studio.button("다시 만들기").click();
  await page.getByRole("menuitem", { name: "처음(배경)부터 다시" }).click();
  await studio.button("멈추기").click();
  await expect(page.getByText("멈춤", { exact: true })).toBeVisible();
  await studio.button("이어서 만들기").click();
  await studio.made(2);
});

test("past ads are kept with their pictures, also after a reload and in English", async () => {
  await page.getByRole("link", { name: "모든 광고" }).click();
  await expect(page.locator("[data-ad]")).toHaveCount(1);
  await page.reload();
  await expect(page.locator("[data-ad] img")).toHaveCount(1);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Ads made so far" })).toBeVisible();
  await page.getByRole("button", { name: "한국어" }).click();
});

test("an ad that is thrown away is gone, and comes back by undo", async () => {
  await page.locator("[data-ad] a").first().click();
  await studio.button("광고 지우기").click();
  await expect(page.getByText("아직 만든 광고가 없습니다")).toBeVisible();
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect(page.locator("[data-ad] img")).toHaveCount(1);
});

for (const colorScheme of ["dark", "light"] as const)
  test(`no serious finding of axe, ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/ads");
    await expect(page.locator("[data-ad] img")).toHaveCount(1);
    await noSeriousFinding(page);
    await page.locator("[data-ad] a").first().click();
    await expect(studio.downloads()).toHaveCount(2);
    await noSeriousFinding(page);
  });

test("no script of the page has broken", () => {
  expect(broken).toEqual([]);
});
