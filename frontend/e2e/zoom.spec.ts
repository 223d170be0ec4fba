import { type Browser, expect, type Page } from "@playwright/test";
import { type Api, apiOf } from "./api";
import { SAMPLE_FILM, test } from "./farm";
import { reach } from "./reach";

/** Every screen at 200 % zoom of a small laptop, and on a tablet that is touched. */
const CODE = "ZOOM";
const SEEN = process.env.SCREENSHOTS; // a folder, to look at what is measured

const PLACES = {
  "200 %": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  tablet: { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true },
};

interface Screen {
  name: string;
  path: string;
  /** What is there once it is drawn. */
  there: (page: Page) => Promise<void>;
}

let api: Api;
let context: Awaited<ReturnType<Browser["newContext"]>>;
let takes: { id: string }[];
let jobs: { id: string }[];
let characters: { id: string }[];
let options: { id: string }[];

test.beforeAll(async ({ browser, farm }) => {
  context = await browser.newContext({ baseURL: farm.url });
  const page = await context.newPage();
  await farm.enter(page);
  api = apiOf(page, farm);
  await api("POST", "/api/projects", { code: CODE, name: "크게 보기", width: 640, height: 360 });
  await page.goto(`/projects/${CODE}?view=list`);
  await page.getByRole("button", { name: "가져오기" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles(SAMPLE_FILM);
  await dialog.getByRole("button", { name: "적용" }).click();
  await expect(dialog).toBeHidden();
  const { rows: shots } = await api<{ rows: { id: string }[] }>("GET", `/api/projects/${CODE}/shots`);
  await api("POST", `/api/projects/${CODE}/batches`, {
    workflow: "text_to_image/storyboard",
    shot_ids: shots.slice(0, 2).map(({ id }) => id),
    takes: 2,
  });
  const rows = async (path: string) => (await api<{ rows: { id: string }[] }>("GET", path)).rows;
  await expect
    .poll(async () => (takes = await rows(`/api/projects/${CODE}/takes`)).length, { timeout: 90_000 })
    .toBe(4);
  jobs = await rows("/api/jobs");
  characters = await rows(`/api/projects/${CODE}/characters`);
  options = await rows(`/api/projects/${CODE}/cinematic-options`);
});
test.afterAll(() => context.close());

const within = (name: string) => (page: Page) =>
  expect(page.getByRole("dialog").getByText(name).first()).toBeVisible();
const heading = (page: Page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible();
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
};
const project = (rest: string) => `/projects/${CODE}${rest}`;

const screens = (): Screen[] => [
  { name: "projects", path: "/", there: (page) => expect(page.getByText(CODE)).toBeVisible() },
  { name: "new project", path: "/", there: press("새 프로젝트") },
  {
    name: "table",
    path: project(""),
    there: (page) => expect(page.locator("[data-table] canvas").first()).toBeVisible(),
  },
  {
    name: "filters",
    path: project('?filters=[{"key":"status","op":"is","value":"pending"}]'),
    there: press("필터 1개"),
  },
  {
    name: "board",
    path: project("?view=board"),
    there: (page) => expect(page.getByText("SHT-00001")).toBeVisible(),
  },
  {
    name: "list",
    path: project("?view=list"),
    there: (page) => expect(page.getByText("SHT-00001")).toBeVisible(),
  },
  { name: "shot", path: project("?view=list&shot=SHT-00001"), there: within("v001") },
  { name: "generate", path: project("?view=list"), there: press("생성") },
  { name: "import", path: project("?view=list"), there: press("가져오기") },
  {
    name: "characters",
    path: project("/characters"),
    there: (page) => expect(page.getByRole("list").first()).toBeVisible(),
  },
  { name: "character", path: project(`/characters?character=${characters[0]?.id}`), there: within("LoRA") },
  { name: "cinematic", path: project("/cinematic"), there: heading },
  {
    name: "option",
    path: project(`/cinematic?option=${options[0]?.id}`),
    there: (page) => expect(page.getByRole("navigation", { name: "항목" })).toBeVisible(),
  },
  {
    name: "gallery",
    path: project("/gallery"),
    there: (page) => expect(page.getByRole("gridcell").first()).toBeVisible(),
  },
  { name: "take", path: project(`/gallery?take=${takes[0]?.id}`), there: within("레시피") },
  {
    name: "note",
    path: project(`/gallery?take=${takes[0]?.id}`),
    there: async (page) => {
      await expect(page.getByText("레시피")).toBeVisible();
      await page.keyboard.press("n");
      await within("수정 요청")(page);
    },
  },
  {
    name: "compare",
    path: project(`/gallery?compare=${takes.map(({ id }) => id).join(",")}`),
    there: async (page) => {
      await expect(page.getByRole("dialog").getByRole("img")).toHaveCount(4);
      await page.keyboard.press("w");
    },
  },
  { name: "films", path: project("/films"), there: heading },
  { name: "jobs", path: "/jobs", there: (page) => expect(page.locator("[data-job]").first()).toBeVisible() },
  {
    name: "jobs selected",
    path: "/jobs",
    there: async (page) => {
      await page.getByRole("checkbox", { name: "보이는 작업 모두 선택" }).click();
      await expect(page.getByRole("toolbar", { name: "고른 작업에 할 일" })).toBeVisible();
    },
  },
  { name: "job", path: `/jobs?job=${jobs[0]?.id}`, there: within("로그") },
  { name: "workers", path: "/workers", there: (page) => expect(page.locator(".u-over")).toHaveCount(4) },
  {
    name: "workers table",
    path: "/workers?layout=table",
    there: (page) => expect(page.getByRole("rowheader")).toBeVisible(),
  },
  { name: "worker", path: "/workers", there: press(/관리/) },
  { name: "join", path: "/workers", there: press("컴퓨터 연결") },
  {
    name: "palette",
    path: "/",
    there: async (page) => {
      await heading(page);
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "keys",
    path: "/",
    there: async (page) => {
      await heading(page);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
];

for (const [place, how] of Object.entries(PLACES)) {
  test(`everything can be reached at ${place}`, async ({ browser, farm }) => {
    const storageState = await context.storageState();
    const narrow = await browser.newContext({ ...how, baseURL: farm.url, storageState });
    const page = await narrow.newPage();
    const wrong: string[] = [];
    for (const { name, path, there } of screens()) {
      await page.goto(path);
      await there(page);
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState !== "running"),
      );
      if (SEEN)
        await page.screenshot({ path: `${SEEN}/${place.replace(/\W/g, "")}-${name.replace(" ", "-")}.png` });
      const { controls, wider, lost } = await reach(page);
      console.log(`${place} ${name}: ${controls} controls, ${lost.length} lost, ${wider} px wider`);
      if (wider > 0) wrong.push(`${name}: ${wider} px wider than the window`);
      wrong.push(...lost.map((control) => `${name}: ${control}`));
    }
    await narrow.close();
    expect(wrong).toEqual([]);
  });
}
