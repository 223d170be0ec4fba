import { expect, type Page } from "@playwright/test";
import { apiOf } from "./api";
import { clickInto, showOnly } from "./columns";
import { test } from "./farm";
import { cell } from "./table";

/** What is said of shots and takes: in the table, in bulk and in the drawer, each taken back by one undo. */
const CODE = "STANDING";
const COLUMNS = [
  { key: "code", width: 116 },
  { key: "status", width: 140 },
];
const STATUS = 2;
const SHOTS = 3;

interface Shot {
  id: string;
  code: string;
  status: string;
  confirmed_take_id: string | null;
}
interface Take {
  label: string;
  confirmed: boolean;
}

test.describe.configure({ mode: "serial" });

let page: Page;
let api: ReturnType<typeof apiOf>;

const shots = async () => (await api<{ rows: Shot[] }>("GET", `/api/projects/${CODE}/shots`)).rows;
const statuses = async () => (await shots()).map(({ status }) => status);
const confirmed = async () =>
  (await api<{ rows: Take[] }>("GET", `/api/projects/${CODE}/takes?shot=SHT-00001`)).rows
    .filter((take) => take.confirmed)
    .map(({ label }) => label);

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  page = await context.newPage();
  await farm.enter(page);
  api = apiOf(page, farm);
  await api("POST", "/api/projects", { code: CODE, name: "확정", width: 640, height: 360 });
  const made = Array.from({ length: SHOTS + 1 }, (_, index) => ({ scene_description: `scene ${index}` }));
  await api("POST", `/api/projects/${CODE}/shots`, made);
  const drawn = (await shots()).slice(0, SHOTS);
  const [first] = drawn;
  await api("POST", `/api/projects/${CODE}/batches`, {
    name: "takes",
    jobs: [...drawn, first].map((shot) => ({ workflow: "text_to_image/storyboard", shot_id: shot?.id })),
  });
  await expect
    .poll(async () => (await api<{ total: number }>("GET", `/api/projects/${CODE}/takes`)).total, {
      timeout: 60_000,
    })
    .toBe(SHOTS + 1);
  await showOnly(page, CODE, COLUMNS);
});
test.afterAll(() => page.context().close());

test("a status is typed into many shots at once, and is one undo", async () => {
  await clickInto(page, COLUMNS, STATUS, 0);
  await clickInto(page, COLUMNS, STATUS, 2, { shift: true });
  await page.keyboard.type("승인");
  await expect(page.getByRole("option", { name: "승인" })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect.poll(statuses).toEqual(["approved", "approved", "approved", "pending"]);
  await page.keyboard.press("Control+z");
  await expect.poll(statuses).toEqual(["completed", "completed", "completed", "pending"]);
});

test("a shot without a take cannot be approved, which is said in its cell", async () => {
  await clickInto(page, COLUMNS, STATUS, 3);
  await page.keyboard.type("승인");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("확정된 테이크가 없어");
  await page.keyboard.press("Escape");
});

test("a confirmed take and an approval in the drawer are undone in the table", async () => {
  await clickInto(page, COLUMNS, STATUS, 0);
  await page.keyboard.press("Space");
  const drawer = page.getByRole("dialog");
  const [before] = await confirmed();
  await drawer.getByRole("button", { name: "확정", exact: true }).click();
  await expect.poll(confirmed).not.toEqual([before]);
  await drawer.getByRole("button", { name: "승인" }).click();
  await expect.poll(async () => (await statuses())[0]).toBe("approved");
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("button", { name: /^실행 취소: 검토/ })).toBeVisible();
  await page.getByRole("button", { name: /^실행 취소: 검토/ }).click();
  await expect.poll(async () => (await statuses())[0]).toBe("completed");
  await page.getByRole("button", { name: /^실행 취소: 테이크 확정/ }).click();
  await expect.poll(confirmed).toEqual([before]);
  await expect(cell(page, STATUS, 0)).toHaveText("completed");
});
