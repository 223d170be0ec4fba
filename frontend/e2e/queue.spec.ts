import { hostname } from "node:os";
import { expect, type Page } from "@playwright/test";
import { type Api, apiOf } from "./api";
import { test } from "./farm";
import { paste, type Pasted } from "./pasted";

/** Ten thousand jobs in the page, and the boxes that do them. */
const CODE = "QUEUE";
const MANY = 10_000;

interface Job {
  id: string;
  name: string;
  priority: number;
  status: string;
  worker: string | null;
}

test.describe.configure({ mode: "serial" });

let page: Page;
let api: Api;
const boxes: Pasted[] = [];

const jobs = async (query: string) => api<{ rows: Job[]; total: number }>("GET", `/api/jobs?${query}`);
const row = (name: string) =>
  page.locator("[data-job]").filter({ has: page.getByRole("button", { name: `${name} 자세히` }) });
const card = (name: string) => page.locator(`article[data-worker="${name}"]`);
const wish = (worker: string, wished: string) => api("PUT", `/api/workers/${worker}/wish`, { wish: wished });

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  page = await context.newPage();
  await farm.enter(page);
  api = apiOf(page, farm);
  await api("POST", "/api/projects", { code: CODE, name: "긴 대기열", width: 640, height: 360 });
  await api("POST", `/api/projects/${CODE}/shots`, [
    { scene_description: "비 오는 골목" },
    { scene_description: "시장" },
  ]);
  await wish("e2e-box", "paused");
  await api("POST", `/api/projects/${CODE}/batches`, {
    name: "long",
    jobs: Array.from({ length: MANY }, (_, number) => ({
      workflow: "farm/ping",
      name: `ping-${String(number).padStart(5, "0")}`,
      priority: number < 100 ? 60 : 50,
      parameters: { number },
    })),
  });
});
test.afterAll(async () => {
  for (const box of boxes) await box.stop();
  await page.context().close();
});

test("ten thousand jobs are counted and scrolled to the last, with few of them in the page", async () => {
  await page.goto("/jobs?by=queue");
  await expect(page.getByText("10,000개", { exact: true })).toBeVisible();
  await expect(page.getByRole("table")).toHaveAttribute("aria-rowcount", String(MANY));
  await expect(
    page.getByRole("navigation", { name: "거르기" }).getByRole("button", { name: /^대기/ }),
  ).toContainText(/10,?000/);
  await expect(row("ping-00000")).toBeVisible();

  const began = Date.now();
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(row("ping-09999")).toBeInViewport({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  const most = await page.locator("[data-job]").count();
  console.log(`the last of 10,000 after ${Date.now() - began} ms, ${most} rows in the page`);
  expect(most).toBeLessThan(80);
  await page.keyboard.press("Home");
  await expect(row("ping-00000")).toBeInViewport();
  const seen = await page
    .locator("[data-job]")
    .evaluateAll((rows) => rows.map((each) => each.textContent?.slice(0, 10)));
  expect(seen).toEqual(seen.toSorted());
});

test("a job dragged onto another gets its priority, and the master's order follows", async () => {
  await page.mouse.wheel(0, 46 * 95);
  const moved = row("ping-00103");
  await expect(moved).toBeVisible();
  await moved.getByRole("button", { name: /끌/ }).dragTo(row("ping-00098"));
  await expect(moved).toContainText("60");
  const { rows } = await jobs("order=queue&limit=102");
  expect(rows.slice(0, 101).map(({ priority }) => priority)).toEqual(Array(101).fill(60));
  expect(rows[101]?.priority).toBe(50);
  expect(rows.slice(99, 101).map(({ name }) => name)).toEqual(["ping-00099", "ping-00103"]);
  const names = page.locator("[data-job]");
  await expect(async () => {
    const shown = await names.evaluateAll((all) =>
      all.map((each) => /ping-\d+/.exec(each.textContent ?? "")?.[0]),
    );
    expect(shown.indexOf("ping-00103")).toBe(shown.indexOf("ping-00099") + 1);
  }).toPass();
});

test("a paused worker begins nothing more, and goes on when it is let", async () => {
  await page.goto("/workers");
  const own = card("e2e-box");
  await own.getByRole("button", { name: "다시 시작" }).click();
  await expect
    .poll(async () => (await jobs("status=completed&limit=1")).total, { timeout: 30_000 })
    .toBeGreaterThan(20);
  await own.getByRole("button", { name: "일시 정지" }).click();
  await expect(own.getByRole("button", { name: "다시 시작" })).toBeVisible();
  await expect.poll(async () => (await jobs("status=running&limit=1")).total).toBe(0);
  const done = (await jobs("status=completed&limit=1")).total;
  const waiting = (await jobs("status=queued&limit=1")).total;
  expect(done + waiting).toBe(MANY);
  await page.goto("/jobs");
  const states = page.getByRole("navigation", { name: "거르기" });
  await expect(states.getByRole("button", { name: /^대기/ })).toContainText(waiting.toLocaleString("ko"));
  await expect(states.getByRole("button", { name: /^완료/ })).toContainText(done.toLocaleString("ko"));
  expect((await jobs("status=completed&limit=1")).total).toBe(done); // nothing ran meanwhile
});

test("the command that the page shows brings a box in when it is pasted; drained, it ends its job and leaves", async () => {
  await api("POST", "/api/queue/bulk", {
    deed: "cancel",
    job_ids: (await jobs(`status=queued&limit=${MANY}`)).rows.map(({ id }) => id),
  });
  await page.goto("/workers");
  await page.getByRole("button", { name: "컴퓨터 연결" }).click();
  const command = (await page.getByRole("dialog").locator("code").innerText()).trim();
  const box = paste(command);
  boxes.push(box);
  await page.keyboard.press("Escape");
  const guest = card(hostname());
  await expect(guest, box.output()).toBeVisible({ timeout: 60_000 });
  await expect(guest).toHaveAttribute("data-standing", "idle");

  const { job_ids } = await api<{ job_ids: string[] }>("POST", `/api/projects/${CODE}/batches`, {
    workflow: "text_to_image/storyboard",
    takes: 3,
  });
  await expect
    .poll(async () => (await jobs(`worker=${hostname()}&status=running`)).total, { timeout: 60_000 })
    .toBe(1);
  await guest.getByRole("button", { name: "마무리 후 종료" }).click();
  expect(await box.ended, box.output()).toBe(0);
  await expect(guest).toHaveAttribute("data-standing", "left");
  const { rows } = await jobs(`worker=${hostname()}`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ status }) => status === "completed")).toBe(true);
  expect((await jobs("status=queued")).total).toBe(job_ids.length - rows.length);
});

test("a line is found in the log of a job that ran", async () => {
  const ran = (await jobs(`worker=${hostname()}`)).rows[0];
  await page.goto(`/jobs?job=${ran?.id}`);
  const drawer = page.getByRole("dialog");
  const log = drawer.getByRole("log");
  await expect(log).toContainText(/SHT-0000\d: .* shot, place/);
  await drawer.getByRole("searchbox", { name: "로그에서 찾기" }).fill("SEED");
  await expect(log.locator("p")).toHaveCount(1);
  await expect(drawer.getByText("1줄")).toBeVisible();
  await drawer.getByRole("searchbox", { name: "로그에서 찾기" }).fill("no such words");
  await expect(log.locator("p")).toHaveText("찾는 말이 든 줄이 없습니다.");
});
