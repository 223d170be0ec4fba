import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { type Api, openPage } from "./api";
import { type Dropped, dropFiles } from "./dropping";
import { test } from "./farm";

const CODE = "PEOPLE";

test.describe.configure({ mode: "serial" });

let page: Page;
const broken: string[] = [];

interface Character {
  id: string;
  rev: number;
  name: string;
  description: string;
  trigger_words: string;
  lora_file: string | null;
  lora_strength: number;
  reference_sheet: string[];
  default_look_id: string | null;
  looks: { id: string; name: string; description: string }[];
}

let api: Api;
const list = async () => (await api<{ rows: Character[] }>("GET", `/api/projects/${CODE}/characters`)).rows;
const drawer = () => page.getByRole("dialog", { name: "민아" });

test.beforeAll(async ({ browser, farm }) => {
  ({ page, api } = await openPage(browser, farm, broken));
  await api("POST", "/api/projects", { code: CODE, name: "인물 시험" });
  await page.goto(`/projects/${CODE}/characters`);
});
test.afterAll(() => page.context().close());

const drop = (files: readonly Dropped[]) => dropFiles(page, files);
const pictures = () => drawer().locator("[data-picture]");

test("a name composed in Hangul is taken exactly, the composing Enter included", async () => {
  await page.getByRole("button", { name: "새 캐릭터" }).click();
  const name = page.getByRole("dialog").getByLabel("이름");
  await expect(name).toBeFocused();
  const devtools = await page.context().newCDPSession(page);
  const compose = async (steps: string[], done: string) => {
    for (const text of steps)
      await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await devtools.send("Input.dispatchKeyEvent", {
      type: "rawKeyDown",
      key: "Process",
      code: "Enter",
      windowsVirtualKeyCode: 229,
    });
    await devtools.send("Input.insertText", { text: done });
  };
  await compose(["ㅁ", "미", "민"], "민");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "민", exact: true })).toBeVisible();
  expect((await list()).map(({ name }) => name)).toEqual(["민"]);

  const again = page.getByRole("dialog").getByLabel("이름", { exact: true });
  await again.focus();
  await page.keyboard.press("End");
  await compose(["ㅇ", "아"], "아");
  await expect(again).toHaveValue("민아");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await list())[0]?.name).toBe("민아");
  await expect(drawer()).toBeVisible();
});

test("pictures are dropped, ordered with the keyboard, cropped, removed and brought back", async () => {
  await drop([
    { name: "front.png", colour: "#b5523b" },
    { name: "side.png", colour: "#3b6fb5" },
  ]);
  await expect(pictures()).toHaveCount(2);
  await expect.poll(async () => (await list())[0]?.reference_sheet.length).toBe(2);
  const [first, second] = (await list())[0]?.reference_sheet ?? [];
  await pictures().last().getByRole("group").focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect.poll(async () => (await list())[0]?.reference_sheet).toEqual([second, first]);

  await page.keyboard.press("Enter");
  const crop = page.getByRole("dialog", { name: "그림 잘라 내기" });
  await expect(crop.getByText("84 × 112 px")).toBeVisible();
  await crop.getByRole("application").focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await crop.getByRole("button", { name: "잘라서 추가" }).click();
  await expect(pictures()).toHaveCount(3);
  const sheet = (await list())[0]?.reference_sheet ?? [];
  expect([sheet[0], sheet[2]]).toEqual([second, first]);
  const { rows } = await api<{ rows: { id: string; width: number; height: number }[] }>(
    "GET",
    `/api/projects/${CODE}/media`,
  );
  expect(rows.find(({ id }) => id === sheet[1])).toMatchObject({ width: 82, height: 112 });

  await pictures().nth(1).hover();
  await pictures().nth(1).getByRole("button", { name: "시트에서 빼기" }).click();
  await expect(pictures()).toHaveCount(2);
  await page.getByRole("button", { name: "되돌리기" }).click();
  await expect.poll(async () => (await list())[0]?.reference_sheet).toEqual(sheet);
});

test("a picture is dragged to another place", async () => {
  const before = (await list())[0]?.reference_sheet ?? [];
  await pictures()
    .last()
    .dragTo(pictures().first(), { targetPosition: { x: 8, y: 60 } });
  await expect
    .poll(async () => (await list())[0]?.reference_sheet)
    .toEqual([before[2], before[0], before[1]]);
});

test("looks and trigger words are kept when one leaves the field, and the prompt follows while one types", async () => {
  const add = drawer().getByRole("textbox", { name: "새 의상 이름" });
  for (const name of ["우비", "교복"]) {
    await add.fill(name);
    await add.press("Enter");
    await expect(drawer().getByRole("textbox", { name: "의상 이름", exact: true }).last()).toHaveValue(name);
  }
  await drawer().getByLabel("입은 것").first().fill("red raincoat, yellow boots");
  await drawer().getByLabel("트리거 단어").fill("mina_v2");
  await expect(drawer().locator("[data-prompt]")).toHaveText(
    "민아, wearing red raincoat, yellow boots, mina_v2",
  );
  await drawer().getByLabel("트리거 단어").press("Tab");
  await expect
    .poll(async () => (await list())[0])
    .toMatchObject({ trigger_words: "mina_v2", looks: [{ description: "red raincoat, yellow boots" }, {}] });
  await drawer().getByRole("button", { name: "기본으로" }).click();
  await expect(drawer().locator("[data-prompt]")).toHaveText("민아, 교복 차림, mina_v2");
});

test("a LoRA is let in only as safetensors", async () => {
  await drop([{ name: "mina.safetensors", bytes: [128, 4, 93, 46] }]);
  await expect(page.getByText("온전한 safetensors 파일이 아닙니다(")).toBeVisible();
  const header = '{"up":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  const bytes = [header.length, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header), 0, 0, 0, 0];
  await drop([{ name: "mina.safetensors", bytes }]);
  await expect(drawer().getByLabel("LoRA 파일")).toHaveValue("mina.safetensors");
  await drawer().getByLabel("강도").focus();
  await page.keyboard.press("ArrowRight");
  await expect
    .poll(async () => (await list())[0])
    .toMatchObject({ lora_file: "mina.safetensors", lora_strength: 0.85 });
});

test("what two people write at a time is shown to choose from, and nothing typed is lost", async () => {
  const [mina] = await list();
  const appearance = drawer().getByLabel("생김새");
  await appearance.fill("내가 쓴 생김새");
  await api("PATCH", `/api/characters/${mina?.id}`, { description: "남이 쓴 생김새" });
  await expect(drawer().getByText("남이 쓴 생김새", { exact: true })).toBeVisible();
  await expect(appearance).toHaveValue("내가 쓴 생김새");
  await drawer().getByRole("button", { name: "내 것으로" }).click();
  await expect.poll(async () => (await list())[0]?.description).toBe("내가 쓴 생김새");
  await expect(drawer().getByText("남이 쓴 생김새", { exact: true })).toBeHidden();
});

test("one who was not told of it yet hears it from the refused write", async () => {
  const [mina] = await list();
  const appearance = drawer().getByLabel("생김새");
  await appearance.fill("두 번째 글");
  const path = `/api/characters/${mina?.id}`;
  let raced = false;
  await page.route(`**${path}`, async (route) => {
    if (!raced) await api("PATCH", path, { description: "더 빠른 글" });
    raced = true;
    await route.continue();
  });
  await appearance.press("Tab");
  await expect(drawer().getByText("더 빠른 글", { exact: true })).toBeVisible();
  await expect(appearance).toHaveValue("두 번째 글");
  await page.unroute(`**${path}`);
  await drawer().getByRole("button", { name: "상대 것으로" }).click();
  await expect(appearance).toHaveValue("더 빠른 글");
});

test("who appears in shots is not deleted, and the shots are named and linked", async () => {
  const [mina] = await list();
  const cast = [{ character_id: mina?.id }];
  const made = await api<{ rows: { id: string }[] }>("POST", `/api/projects/${CODE}/shots`, [
    { characters: cast, scene_description: "골목 어귀" },
    { characters: cast },
  ]);
  await expect(drawer().getByRole("link", { name: /SHT-00001/ })).toHaveAttribute(
    "href",
    `/projects/${CODE}?shot=SHT-00001`,
  );
  await drawer().getByRole("button", { name: "캐릭터 지우기" }).click();
  await expect(drawer().getByRole("alert")).toContainText("SHT-00001, SHT-00002");
  await page.keyboard.press("Escape");
  await expect(page.getByText("샷 2개")).toBeVisible();
  for (const { id } of made.rows) await api("DELETE", `/api/shots/${id}`);
  await expect(page.getByText("나오는 샷 없음")).toBeVisible();
});

test("one who appears nowhere is deleted, and comes back by undo", async () => {
  await page.getByRole("button", { name: "민아 열기" }).click();
  await drawer().getByRole("button", { name: "캐릭터 지우기" }).click();
  await expect(page.getByText("아직 캐릭터가 없습니다")).toBeVisible();
  await page.getByRole("button", { name: "되돌리기" }).last().click();
  await expect(page.getByRole("button", { name: "민아 열기" })).toBeVisible();
});

test("what is being typed when the drawer is closed is kept", async () => {
  await page.getByRole("button", { name: "민아 열기" }).click();
  await drawer().getByLabel("스타일 키워드").fill("부드러운 색연필");
  await page.keyboard.press("Escape");
  await expect(drawer()).toBeHidden();
  await expect.poll(async () => (await list())[0]).toMatchObject({ style_keywords: "부드러운 색연필" });
});

for (const theme of ["dark", "light"] as const) {
  test(`axe finds nothing serious in the room (${theme})`, async () => {
    await page.emulateMedia({ colorScheme: theme });
    const [mina] = await list();
    for (const [shown, path] of [
      ["the wall", ""],
      ["the drawer", `?character=${mina?.id}`],
    ]) {
      await page.goto(`/projects/${CODE}/characters${path}`);
      await expect(path ? drawer() : page.getByRole("button", { name: "민아 열기" })).toBeVisible();
      await page.waitForFunction(() =>
        document.getAnimations().every(({ playState }) => playState === "finished"),
      );
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        grave.map(({ id, nodes }) => `${shown}: ${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
      ).toEqual([]);
    }
  });
}

test("nothing went wrong in the console on the way", () => {
  expect(broken).toEqual([]);
});
