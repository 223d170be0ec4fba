import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { SAMPLE_FILM, test } from "./farm";

interface Shot {
  code: string;
  status: string;
  duration_seconds: number;
}

const CODE = "E2E-FILM";
const SHOTS = ["SHT-00001", "SHT-00002", "SHT-00003", "SHT-00004"];

async function readShots(page: Page): Promise<Shot[]> {
  const answer = await page.request.get(`/api/projects/${CODE}/shots`);
  return ((await answer.json()) as { rows: Shot[] }).rows;
}

test.describe.configure({ mode: "serial" });

let page: Page;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url }); // axe opens a page of its own in it
  page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
});
test.afterAll(() => page.context().close());

test("a browser without a session is shown the door", async ({ farm }) => {
  await page.goto(farm.url);
  await expect(page.getByRole("heading", { name: "이 브라우저는 아직 입장하지 않았습니다" })).toBeVisible();
  await expect(page.getByText("cinefarm open")).toBeVisible();
  broken.length = 0; // the browser itself reports the 401
  await farm.enter(page);
  await expect(page.getByRole("heading", { name: "프로젝트", exact: true })).toBeVisible();
});

test("a project is made, with what is wrong told at its field", async () => {
  await page.getByRole("button", { name: "새 프로젝트" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "만들기" }).click();
  await expect(form.getByLabel("제목")).toHaveAccessibleDescription("제목을 입력하세요.");
  await form.getByLabel("제목").fill("시험 영화");
  await form.getByLabel("코드", { exact: true }).fill(CODE);
  await form.getByRole("button", { name: "만들기" }).click();
  await expect(page.getByRole("heading", { name: "시험 영화" })).toBeVisible();
});

test("a workbook is previewed before it changes anything, then applied", async () => {
  await page.getByRole("button", { name: "가져오기" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles(SAMPLE_FILM);
  const count = dialog.locator('[data-count="shots-new"]');
  await expect(count).toHaveText(/^[1-9]\d*$/);
  expect(await readShots(page)).toEqual([]);

  const rows = Number(await count.textContent());
  await dialog.getByRole("button", { name: "적용" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`샷 ${rows}개`)).toBeVisible(); // by the socket; nothing was loaded again
  await page.getByRole("button", { name: "목록" }).click();
  await expect(page.locator("[data-shot]")).toHaveCount(rows);
});

test("panels appear in their rows while the farm draws them", async () => {
  for (const code of SHOTS) await page.getByRole("checkbox", { name: `${code} 선택` }).click();
  await page.getByRole("button", { name: "4개 생성" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("애니매틱도 만들기")).toBeEnabled();
  await dialog.getByRole("button", { name: "생성 시작" }).click();
  await expect(page.locator(`[data-shot=${SHOTS[0]}]`)).toContainText("생성 중");
  await expect(page.getByRole("complementary", { name: "배치" })).toContainText("6개 중");
  for (const code of SHOTS) {
    const row = page.locator(`[data-shot=${code}]`);
    await expect(row).toContainText("완료", { timeout: 120_000 });
    await expect
      .poll(() => row.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(100);
  }
});

test("the animatic plays and is as long as its shots", async () => {
  await page.getByRole("link", { name: "필름" }).click();
  const film = page.getByLabel("애니매틱", { exact: true }).and(page.locator("video"));
  await expect(film).toBeVisible({ timeout: 120_000 });
  await film.evaluate((video: HTMLVideoElement) => {
    video.muted = true;
    return video.play();
  });
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0.5);
  const shots = (await readShots(page)).filter(({ code }) => SHOTS.includes(code));
  const seconds = shots.reduce((sum, shot) => sum + shot.duration_seconds, 0);
  const { duration, width } = await film.evaluate((video: HTMLVideoElement) => ({
    duration: video.duration,
    width: video.videoWidth,
  }));
  expect(width).toBeGreaterThan(0);
  expect(Math.abs(duration - seconds)).toBeLessThan(0.1);
  await film.evaluate((video: HTMLVideoElement) => video.pause());
  await expect(page.getByRole("link", { name: "PDF 열기" })).toBeVisible({ timeout: 60_000 });
});

test("a shot is approved, and another sent back with a note", async () => {
  await page.goto(`/projects/${CODE}?view=list`);
  await page.getByRole("button", { name: "SHT-00001 열기" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "승인" }).click();
  await expect(page.locator("[data-shot=SHT-00001]")).toContainText("승인");

  await drawer.getByRole("button", { name: "다음 샷" }).click();
  await drawer.getByRole("button", { name: "수정 요청" }).click();
  await drawer.getByLabel("무엇을 고쳐야 하나요?").fill("비를 더 세게");
  await drawer.getByRole("button", { name: "수정 요청 보내기" }).click();
  await expect(drawer.getByText("비를 더 세게")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator("[data-shot=SHT-00002]")).toContainText("수정 필요");
  const [first, second] = await readShots(page);
  expect([first?.status, second?.status]).toEqual(["approved", "needs_revision"]);
});

test("the other rooms show the same farm, and a reload shows the same project", async () => {
  await page.getByRole("link", { name: "작업", exact: true }).click();
  await expect(page.getByRole("row", { name: /애니매틱/ })).toContainText("완료");
  await page.getByRole("link", { name: "워커", exact: true }).click();
  await expect(page.getByRole("heading", { name: "e2e-box" })).toBeVisible();
  await page.goto(`/projects/${CODE}?view=board`);
  await expect(page.locator("[data-shot=SHT-00001]")).toContainText("승인");
});

for (const theme of ["어둡게", "밝게"]) {
  test(`axe finds nothing serious on the project page (${theme})`, async () => {
    await page.goto(`/projects/${CODE}`);
    await page.getByRole("button", { name: "화면 밝기" }).click();
    await page.getByRole("menuitemradio", { name: theme }).click();
    await expect(page.getByRole("menu")).toBeHidden();
    for (const address of [
      `/projects/${CODE}?view=list`,
      `/projects/${CODE}?view=board`,
      `/projects/${CODE}?view=list&shot=SHT-00001`,
    ]) {
      await page.goto(address);
      await expect(page.locator("[data-shot=SHT-00001]")).toBeVisible();
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState === "finished"),
      );
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
    }
  });
}

test("nothing went wrong in the console on the way", () => {
  expect(broken).toEqual([]);
});
