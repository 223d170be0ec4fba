import { execFileSync } from "node:child_process";
import { expect, type Page } from "@playwright/test";
import { type Api, apiOf } from "./api";
import { test } from "./farm";

/** Takes that are films: compared in step, and noted at a frame. */
const CODE = "FILMS";
const FPS = 24;

interface Take {
  id: string;
  shot_id: string;
  media: { kind: string; frames: number; fps_num: number };
}

test.describe.configure({ mode: "serial" });

let page: Page;
let api: Api;
let takes: Take[];

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  page = await context.newPage();
  await farm.enter(page);
  api = apiOf(page, farm);
  await api("POST", "/api/projects", { code: CODE, name: "필름 비교", width: 320, height: 180 });
  await api("POST", `/api/projects/${CODE}/shots`, [
    { scene_description: "비 오는 골목", action: "Camera pans left.", frame_count: 48 },
  ]);
  await api("POST", `/api/projects/${CODE}/batches`, {
    workflow: "text_to_image/storyboard",
    takes: 2,
    follow: [{ workflow: "image_to_video/animatic" }],
  });
  const made = "status=completed&workflow=image_to_video/animatic";
  const films = async () => (await api<{ rows: { id: string }[] }>("GET", `/api/jobs?${made}`)).rows;
  await expect.poll(async () => (await films()).length, { timeout: 90_000 }).toBe(1);
  const [{ id: job } = { id: "" }] = await films();
  const { outputs } = await api<{ outputs: { media_id: string; kind: string }[] }>("GET", `/api/jobs/${job}`);
  const film = outputs.find(({ kind }) => kind === "video")?.media_id;
  // no workflow that runs without a GPU makes the film of a shot: the animatic's is put in its place
  await farm.restart((database) => {
    const script = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as takes:
    takes.execute("update take set media_id = ?", sys.argv[2:])`;
    execFileSync("python3", ["-c", script, database, film ?? ""]);
  });
  const found = async () =>
    (await api<{ rows: Take[] }>("GET", `/api/projects/${CODE}/takes?media=video&order=shot`)).rows;
  await expect.poll(async () => (takes = await found()).length).toBe(2);
});
test.afterAll(() => page.context().close());

const films = () => page.getByRole("dialog").locator("video");
const times = () => films().evaluateAll((all) => all.map((film) => (film as HTMLVideoElement).currentTime));
const frames = async () => (await times()).map((time) => Math.floor(time * FPS));
const paused = () => films().evaluateAll((all) => all.map((film) => (film as HTMLVideoElement).paused));
const shown = async () =>
  Number(
    /(\d+) \/ \d+/.exec(
      await page
        .getByRole("dialog")
        .getByText(/^\d+ \/ \d+$/)
        .innerText(),
    )?.[1],
  ) - 1;
const ready = () =>
  expect
    .poll(() => films().evaluateAll((all) => all.map((film) => (film as HTMLVideoElement).readyState >= 2)))
    .toEqual([true, true]);

test("two films play in step, side by side and over each other, and go on at the frame where they were", async () => {
  await page.goto(`/projects/${CODE}/gallery?compare=${takes.map(({ id }) => id).join(",")}`);
  await ready();
  await page.keyboard.press(" ");
  await expect.poll(shown).toBeGreaterThan(8);
  const drifts: number[] = [];
  for (let look = 0; look < 10; look += 1) {
    const [first = 0, second = 0] = await times();
    drifts.push(Math.abs(first - second));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  console.log(`most drift while playing ${(Math.max(...drifts) * 1000).toFixed(1)} ms`);
  expect(Math.max(...drifts)).toBeLessThan(2 / FPS + 0.04);
  await page.keyboard.press(" ");
  await expect.poll(paused).toEqual([true, true]);

  await page.keyboard.press(",");
  await page.keyboard.press(".");
  const at = await shown();
  await expect.poll(frames).toEqual([at, at]);
  for (const mode of ["w", "o", "d", "s"]) {
    await page.keyboard.press(mode);
    await expect(films()).toHaveCount(2);
    await expect.poll(frames, `in mode ${mode}`).toEqual([at, at]);
    expect(await shown()).toBe(at);
  }
  await page.keyboard.press(" ");
  await page.keyboard.press("w");
  await expect.poll(paused).toEqual([false, false]); // they play on in the other way of seeing
  await page.keyboard.press(" ");
  await expect.poll(paused).toEqual([true, true]);
});

test("a note on a film remembers the frame it was made at", async () => {
  const take = takes[0];
  await page.goto(`/projects/${CODE}/gallery?take=${take?.id}`);
  const theatre = page.getByRole("dialog");
  await expect
    .poll(() => films().evaluate((film) => (film as HTMLVideoElement).readyState))
    .toBeGreaterThan(1);
  await theatre.getByRole("button", { name: "재생 / 일시 정지" }).click();
  await expect.poll(async () => (await frames())[0]).toBeGreaterThan(14);
  await page.keyboard.press("n");
  await expect.poll(paused).toEqual([true]);
  const [at = -1] = await frames();
  await expect(theatre.getByText(`${at + 1}번 프레임`)).toBeVisible();
  await theatre.getByLabel("무엇을 고쳐야 하나요?").fill("여기서 너무 빠름");
  const picture = await theatre.getByRole("img", { name: "메모 표시" }).boundingBox();
  if (!picture) throw new Error("the film is not shown");
  await page.mouse.move(picture.x + picture.width * 0.2, picture.y + picture.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(picture.x + picture.width * 0.5, picture.y + picture.height * 0.6, { steps: 4 });
  await page.mouse.up();
  await theatre.getByRole("button", { name: "메모만 남기기" }).click();
  await expect(theatre.getByRole("listitem").getByText("여기서 너무 빠름")).toBeVisible();
  const { rows } = await api<{ rows: { frame: number; regions: unknown[] }[] }>(
    "GET",
    `/api/shots/${take?.shot_id}/notes`,
  );
  expect(rows.map(({ frame, regions }) => [frame, regions.length])).toEqual([[at, 1]]);

  await page.reload();
  await expect
    .poll(() => films().evaluate((film) => (film as HTMLVideoElement).readyState))
    .toBeGreaterThan(1);
  expect(await frames()).toEqual([0]);
  const mark = theatre.getByRole("img", { name: "메모 표시" }).locator("g");
  await expect(mark).toHaveAttribute("opacity", "0.35"); // it is about another frame
  await theatre.getByRole("button", { name: `${at + 1}번 프레임` }).click();
  await expect.poll(frames).toEqual([at]);
  await expect(mark).toHaveAttribute("opacity", "1");
});
