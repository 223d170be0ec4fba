/** Where a product is hard to tell from what is behind it: the studio says so, and one paints or brings another photo. */
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

test("a doubtful cut-out is told, and painting where the product is cuts it out again", async () => {
  await studio.bring(photo("shoe"));
  await page.getByLabel("큰 글자").fill("봄 신상 운동화");
  await studio.button("광고 만들기").click();
  await studio.made(1);
  expect((await studio.ad()).cut_out?.trusted).toBe(false);
  await expect(page.getByText(/^제품의 경계가 확실하지 않습니다\./)).toBeVisible();
  const before = await studio.jobs();
  await studio.button("제품 칠해서 알려 주기").click();
  const dialog = page.getByRole("dialog", { name: "어디가 제품인가요?" });
  await noSeriousFinding(page);
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
  await studio.made(1);
  expect((await studio.jobs())["cut_out"]).not.toBe(before["cut_out"]);
  const { hint_image: hint } = (await studio.ad()).parameters;
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

test("a photo without a product fails with what to do, and another photo mends it", async () => {
  await studio.bring({
    name: "nothing.png",
    mimeType: "image/png",
    buffer: await page.screenshot({
      clip: { x: 0, y: 0, width: 400, height: 400 },
      style: "* { display: none }",
    }),
  });
  await studio.button("바꾼 대로 다시 만들기").click();
  await studio.failed("제품 오려내기");
  await expect(page.getByText(/^(사진에서 제품을 찾지 못했습니다|제품이 사진을 가득 채워)/)).toBeVisible();
  await expect(studio.button("제품 칠해서 알려 주기")).toBeVisible();
  expect((await studio.ad()).parameters["hint_image"]).toBeNull(); // it was painted over the other photo
  await studio.bring(photo("shoe"));
  await studio.button("바꾼 대로 다시 만들기").click();
  await expect.poll(async () => (await studio.ad()).status).toBe("processing");
  await studio.made(1);
});

test("no script of the page has broken", () => {
  expect(broken).toEqual([]);
});
