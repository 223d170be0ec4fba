import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "./farm";

const CODE = "WRANGLE";

test.describe.configure({ mode: "serial" });

let page: Page;
const broken: string[] = [];

async function ask<T>(method: "get" | "post" | "put", path: string, data?: unknown): Promise<T> {
  const answer = await page.request[method](path, data === undefined ? {} : { data });
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as T;
}

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({
    baseURL: farm.url,
    extraHTTPHeaders: { Origin: farm.url },
  });
  page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.message));
  await farm.enter(page);
  await ask("post", "/api/projects", { code: CODE, name: "시험" });
  await ask(
    "post",
    `/api/projects/${CODE}/shots`,
    Array.from({ length: 6 }, () => ({ scene_description: "비 오는 골목", frame_count: 24 })),
  );
});
test.afterAll(() => page.context().close());

const box = () => page.locator('article[data-worker="e2e-box"]');

test("a worker shows its device with live readings and charts", async () => {
  await page.goto("/workers");
  await expect(box().getByText(/cpu-e2e-box/)).toBeVisible();
  await expect(box().getByText("사용률").locator("..")).toContainText("%");
  await expect(page.locator(".u-over")).toHaveCount(4);
  await page.getByRole("button", { name: "표로 보기" }).click();
  await expect(page).toHaveURL(/layout=table/);
  await expect(page.getByRole("rowheader", { name: /e2e-box/ })).toBeVisible();
  await page.getByRole("button", { name: "카드로 보기" }).click();
});

test("the command that joins a box is shown with a token", async () => {
  await page.getByRole("button", { name: "컴퓨터 연결" }).click();
  await expect(page.getByRole("dialog")).toContainText(/cinefarm worker --master http\S+ --token en_/);
  await page.keyboard.press("Escape");
});

test("a paused worker begins nothing; hours, pool and tags are kept", async () => {
  await box().getByRole("button", { name: "일시 정지" }).click();
  await expect(box().getByRole("button", { name: "다시 시작" })).toBeVisible();
  await box().getByRole("button", { name: /관리/ }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("갖추지 못한 것")).toBeVisible();
  await expect(drawer.getByText(/start the worker with --comfy/)).toBeVisible();
  await drawer.getByLabel("풀", { exact: true }).fill("밤샘");
  await drawer.getByLabel(/태그/).fill("빠름, 2층");
  await drawer.getByRole("button", { name: "저장", exact: true }).click();
  await drawer.getByRole("button", { name: "밤에만" }).click();
  await drawer.getByRole("button", { name: "운영 시간 저장" }).click();
  await expect
    .poll(async () => {
      const worker = await ask<{ pool: string; tags: string[]; schedule: { windows: unknown[] } | null }>(
        "get",
        "/api/workers/e2e-box",
      );
      return [worker.pool, worker.tags, worker.schedule?.windows.length];
    })
    .toEqual(["밤샘", ["2층", "빠름"], 2]);
  await drawer.getByRole("button", { name: "항상" }).click();
  await drawer.getByRole("button", { name: "운영 시간 저장" }).click();
  await drawer.getByLabel("풀", { exact: true }).fill("");
  await drawer.getByRole("button", { name: "저장", exact: true }).click();
  await page.keyboard.press("Escape");
});

test("many jobs are held, raised, canceled and retried at once", async () => {
  await ask("post", `/api/projects/${CODE}/batches`, { workflow: "text_to_image/storyboard" });
  await page.goto("/jobs");
  await expect(page.locator("[data-job]")).toHaveCount(6);
  await page.getByRole("checkbox", { name: "보이는 작업 모두 선택" }).click();
  const bar = page.getByRole("toolbar", { name: "고른 작업에 할 일" });
  await bar.getByRole("button", { name: /^보류 6/ }).click();
  await expect(page.locator("[data-job]").first()).toContainText("보류");
  await bar.getByRole("button", { name: /^보류 풀기 6/ }).click();
  await bar.getByLabel("우선순위").fill("80");
  await bar.getByRole("button", { name: "우선순위" }).click();
  await expect(page.locator("[data-job]").first()).toContainText("80");
  await bar.getByRole("button", { name: /^취소 6/ }).click();
  await expect(page.getByRole("button", { name: /취소됨\s*6/ })).toBeVisible();
  await bar.getByRole("button", { name: /^다시 시도 6/ }).click();
  await expect(page.getByRole("button", { name: /대기\s*6/ })).toBeVisible();
  await bar.getByRole("button", { name: "선택 지우기" }).click();
});

test("the overview says what waits and why, and leads to the job", async () => {
  await page.goto("/farm");
  const closed = page.getByRole("listitem").filter({ hasText: "가능한 장치가 닫혀 있음" }).first();
  await expect(closed).toContainText("6개");
  await expect(closed).toContainText("워커를 다시 여세요");
  await expect(page.getByText("일시 정지 1")).toBeVisible();
  await closed.getByRole("link", { name: /storyboard/ }).click();
  await expect(page.getByRole("dialog").getByRole("list", { name: "장치별 판단" })).toContainText("e2e-box");
  await page.keyboard.press("Escape");
});

test("the keyboard changes a priority, and a facet filters by the address", async () => {
  const row = page.locator("[data-job]").first();
  await row.getByRole("button", { name: /자세히/ }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(row).toContainText("85");
  await page
    .getByRole("button", { name: new RegExp(CODE) })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`project=${CODE}`));
});

test("a waiting job explains itself for each device; afterwards its attempt stands on the timeline", async () => {
  await page
    .locator("[data-job]")
    .first()
    .getByRole("button", { name: /자세히/ })
    .click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("list", { name: "장치별 판단" })).toContainText("e2e-box");
  await ask("put", "/api/workers/e2e-box/schedule", { schedule: null });
  await ask("put", "/api/workers/e2e-box/pool", { pool: null });
  await ask("put", "/api/workers/e2e-box/wish", { wish: "none" });
  await expect(drawer.getByRole("list", { name: "시도 시간표" })).toContainText("완료", { timeout: 90_000 });
  await expect(drawer.getByRole("searchbox", { name: "로그에서 찾기" })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("the overview counts what ended while one looks at it", async () => {
  await page.goto("/farm");
  await expect(page.getByText(/분당 완료/)).toBeVisible();
  const chart = page.getByRole("img", { name: /처리량/ });
  const completed = async () =>
    Number(/완료 (\d+)/.exec((await chart.getAttribute("aria-label")) ?? "")?.[1]);
  await expect.poll(completed).toBeGreaterThanOrEqual(6);
  const before = await completed();
  await ask("post", `/api/projects/${CODE}/batches`, { workflow: "text_to_image/storyboard" });
  await expect.poll(completed, { timeout: 90_000 }).toBe(before + 6);
  await page.getByRole("button", { name: "한 주" }).click();
  await expect(page).toHaveURL(/period=week/);
  await expect.poll(completed).toBe(before + 6);
});

for (const scheme of ["dark", "light"] as const) {
  test(`no serious finding of axe in ${scheme}`, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of ["/workers", "/workers?layout=table", "/jobs", "/farm"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("[data-worker], [data-job], .u-over").first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });
}

test("a killed worker turns red within 15 seconds", async ({ farm }) => {
  await page.goto("/workers");
  await expect(box()).toHaveAttribute("data-standing", /idle|busy/);
  const began = Date.now();
  farm.killWorker();
  await expect(box()).toHaveAttribute("data-standing", /offline|silent/, { timeout: 15_000 });
  console.log(`a killed worker is red after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await expect(box()).toHaveClass(/border-tone-bad/);
  expect(broken).toEqual([]);
});
