import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { SAMPLE_FILM, test, withoutEngine } from "./farm";

/** From a form to a confirmed take: made, compared, sent back, made again, and confirmed by one of two. */

interface Take {
  id: string;
  label: string;
  review: string;
  confirmed: boolean;
  recipe: { seed: number; parameters: Record<string, unknown> };
}

const CODE = "E2E-REVIEW";
const SHOT = "SHT-00001";
test.describe.configure({ mode: "serial", timeout: 90_000 });

let page: Page;

const takesOf = async (): Promise<Take[]> => {
  const answer = await page.request.get(`/api/projects/${CODE}/takes?shot=${SHOT}&order=shot`);
  return ((await answer.json()) as { rows: Take[] }).rows;
};
const label = (name: string) => `${SHOT} ${name}`;

test.beforeAll(async ({ browser, farm }) => {
  const context = await browser.newContext({ baseURL: farm.url });
  page = await context.newPage();
  await farm.enter(page);
  await page.request.post("/api/projects", {
    data: { code: CODE, name: "Review", width: 640, height: 360 },
    headers: { Origin: farm.url },
  });
  await page.goto(`/projects/${CODE}?view=list`);
  await page.getByRole("button", { name: "가져오기" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles(SAMPLE_FILM);
  await dialog.getByRole("button", { name: "적용" }).click();
  await expect(dialog).toBeHidden();
});
test.afterAll(() => page.context().close());

test("two takes are made with changed parameters, by keyboard alone", async () => {
  await page.getByRole("checkbox", { name: `${SHOT} 선택` }).press("Space");
  await page.getByRole("button", { name: "1개 생성" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("워크플로")).toBeFocused();

  await dialog.getByLabel("너비").fill("7");
  await expect(dialog.getByLabel("너비")).toHaveAccessibleDescription("256에서 4096 사이여야 합니다.");
  await expect(dialog.getByRole("button", { name: "생성 시작" })).toBeDisabled();
  await dialog.getByLabel("너비").fill("");
  await dialog.getByLabel("시드", { exact: true }).fill("41");
  await dialog.getByLabel("그림 톤").selectOption("line");
  await dialog.getByLabel("샷마다 테이크").fill("2");
  await dialog.getByLabel("애니매틱도 만들기").press("Space");
  await dialog.getByLabel("콘택트 시트도 만들기").press("Space");
  await expect(dialog.getByText("작업 2개")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();

  await page.getByRole("link", { name: "갤러리" }).press("Enter");
  await expect(page.getByRole("button", { name: label("v002") })).toBeVisible({ timeout: 120_000 });
  const takes = await takesOf();
  expect(takes.map(({ recipe }) => recipe.seed).sort()).toEqual([41, 42]);
  expect(takes.every(({ recipe }) => recipe.parameters["tone"] === "line")).toBe(true);
});

test("what was chosen is there the next time, and what cannot run says so", async () => {
  await withoutEngine(page, "image_to_video/telestyle");
  await page.goto(`/projects/${CODE}?view=list`);
  await page.getByRole("button", { name: "생성", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("그림 톤")).toHaveValue("line");
  await expect(dialog.getByLabel("샷마다 테이크")).toHaveValue("2");
  await expect(dialog.getByLabel("시드", { exact: true })).toHaveValue("");
  await dialog.getByLabel("워크플로").selectOption("image_to_video/telestyle");
  await expect(dialog.getByText("엔진이 아직 없습니다")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "생성 시작" })).toBeDisabled();
  await page.keyboard.press("Escape");
});

test("takes are compared by a wipe that the keyboard moves", async () => {
  await page.goto(`/projects/${CODE}/gallery`);
  const newest = page.getByRole("gridcell").first().getByRole("button");
  await newest.focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect(page.getByText("2개 고름")).toBeVisible();
  await page.keyboard.press("c");

  const compare = page.getByRole("dialog");
  await expect(compare.getByRole("img")).toHaveCount(2);
  await page.keyboard.press("w");
  const edge = compare.getByRole("slider", { name: "와이프 경계" });
  await expect(edge).toHaveAttribute("aria-valuenow", "50");
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(edge).toHaveAttribute("aria-valuenow", "38");
  const box = await edge.boundingBox();
  if (!box) throw new Error("the edge is not shown");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 200, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  expect(Number(await edge.getAttribute("aria-valuenow"))).toBeGreaterThan(45);
  await page.keyboard.press("+");
  await expect(compare.getByRole("button", { name: "화면에 맞추기" })).toHaveText("125%");
  await page.keyboard.press("0");
  for (const [key, slider] of [
    ["o", "불투명도"],
    ["d", "차이 강조"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(compare.getByRole("slider", { name: slider })).toBeVisible();
  }
  await page.reload(); // a link shows the same
  await expect(page.getByRole("dialog").getByRole("img")).toHaveCount(2);
  await page.keyboard.press("Escape");
});

test("a take is confirmed by keyboard, and the older one is it no more", async () => {
  await page.getByRole("button", { name: label("v002") }).press("Enter");
  const theatre = page.getByRole("dialog");
  await theatre.getByRole("button", { name: "확정", exact: true }).press("Enter");
  await expect(theatre.getByRole("button", { name: "확정됨" })).toBeDisabled();
  const confirmed = (await takesOf()).filter((take) => take.confirmed);
  expect(confirmed.map((take) => take.label)).toEqual(["v002"]);
});

test("it is sent back with a note and a region drawn on the picture", async () => {
  const theatre = page.getByRole("dialog");
  await page.keyboard.press("n");
  await theatre.getByLabel("무엇을 고쳐야 하나요?").fill("비를 더 세게");
  const picture = await theatre.getByRole("img", { name: "메모 표시" }).boundingBox();
  if (!picture) throw new Error("the picture is not shown");
  await page.mouse.move(picture.x + picture.width * 0.25, picture.y + picture.height * 0.25);
  await page.mouse.down();
  await page.mouse.move(picture.x + picture.width * 0.75, picture.y + picture.height * 0.5, { steps: 5 });
  await page.mouse.up();
  await expect(theatre.getByText("표시 1개")).toBeVisible();
  await theatre.getByRole("button", { name: "수정 요청" }).click();
  await expect(theatre.getByRole("listitem").getByText("비를 더 세게")).toBeVisible();
  await expect(theatre.getByText("수정 필요").first()).toBeVisible();

  const [take] = await takesOf();
  const shotId = ((await (await page.request.get(`/api/takes/${take?.id}`)).json()) as { shot_id: string })
    .shot_id;
  const { rows } = (await (await page.request.get(`/api/shots/${shotId}/notes`)).json()) as {
    rows: { regions: { x: number; y: number; width: number; height: number }[] }[];
  };
  const region = rows[0]?.regions[0];
  const drawn = [region?.x, region?.y, region?.width, region?.height].map(
    (value) => Math.round((value ?? -1) * 20) / 20,
  );
  expect(drawn).toEqual([0.25, 0.25, 0.5, 0.25]);
});

test("it is made again with a new seed, the note in the action", async () => {
  const theatre = page.getByRole("dialog");
  await theatre.getByLabel("메모를 액션에 덧붙이기").check();
  await expect(theatre.getByLabel("덧붙일 말")).toHaveValue("비를 더 세게");
  await theatre.getByRole("button", { name: "새 시드로 다시 생성" }).click();
  await expect.poll(async () => (await takesOf()).length, { timeout: 120_000 }).toBe(3);
  const [newest, second] = await takesOf();
  expect(newest?.recipe.seed).not.toBe(second?.recipe.seed);
  expect(newest?.recipe.parameters["tone"]).toBe("line");
  expect(second?.confirmed).toBe(true); // a new take never changes the confirmed one
  const shots = (await (await page.request.get(`/api/projects/${CODE}/shots?q=${SHOT}`)).json()) as {
    rows: { action: string }[];
  };
  expect(shots.rows[0]?.action).toContain("비를 더 세게");
  await page.keyboard.press("Escape");
});

test("two reviewers confirm at once: one confirmation, one clear message", async ({ browser, farm }) => {
  const wanted = (await takesOf()).filter((take) => !take.confirmed);
  expect(wanted).toHaveLength(2);
  let arrived = 0;
  let go: () => void = () => undefined;
  const both = new Promise<void>((open) => (go = open));
  const reviewers = await Promise.all(
    wanted.map(async ({ id }, index) => {
      const context = await browser.newContext({ baseURL: farm.url });
      const mine = await context.newPage();
      await farm.enter(mine);
      await mine.evaluate(
        (name) => localStorage.setItem("cinefarm.name", name),
        ["민아", "나리"][index] ?? "",
      );
      await mine.route("**/confirm", async (route) => {
        arrived += 1;
        if (arrived === 2) go();
        await both; // neither goes off before the other is ready
        await route.continue();
      });
      await mine.goto(`/projects/${CODE}/gallery?take=${id}`);
      const button = mine.getByRole("dialog").getByRole("button", { name: "확정", exact: true });
      await expect(button).toBeEnabled();
      return { mine, button };
    }),
  );
  await Promise.all(reviewers.map(({ button }) => button.click()));
  const messages = await Promise.all(
    reviewers.map(async ({ mine }) => {
      const said = mine.locator("[data-sonner-toast]");
      await expect(said).toHaveCount(1);
      return said.innerText();
    }),
  );
  expect(messages.filter((text) => text.includes("확정했습니다") && !text.includes("먼저"))).toHaveLength(1);
  const refused = messages.filter((text) => text.includes("먼저"));
  expect(refused).toHaveLength(1);
  const confirmed = (await takesOf()).filter((take) => take.confirmed);
  expect(confirmed).toHaveLength(1);
  expect(refused[0]).toMatch(
    new RegExp(`^(민아|나리) 님이 먼저 ${confirmed[0]?.label} 테이크를 확정했습니다`),
  );
  await Promise.all(reviewers.map(({ mine }) => mine.context().close()));
});

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing serious in gallery, review, compare and the form (${theme})`, async () => {
    await page.evaluate((chosen) => localStorage.setItem("cinefarm.theme", chosen), theme);
    const [first, second] = await takesOf();
    const screens: [string, () => Promise<void>][] = [
      [`/gallery`, () => expect(page.getByRole("gridcell").first()).toBeVisible()],
      [`/gallery?take=${first?.id}`, () => expect(page.getByText("레시피")).toBeVisible()],
      [`/gallery?compare=${first?.id},${second?.id}`, () => page.keyboard.press("w")],
      [`?view=list`, () => page.getByRole("button", { name: "생성", exact: true }).click()],
    ];
    for (const [address, reach] of screens) {
      await page.goto(`/projects/${CODE}${address}`);
      if (address.includes("compare")) await expect(page.getByRole("dialog").getByRole("img")).toHaveCount(2);
      await reach();
      if (address === "?view=list")
        await expect(page.getByRole("dialog").getByLabel("워크플로")).toBeVisible();
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState === "finished"),
      );
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        grave.map(({ id, nodes }) => `${address} ${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
      ).toEqual([]);
    }
  });
}
