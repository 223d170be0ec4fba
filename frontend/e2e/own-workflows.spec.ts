/** An artist's own ComfyUI graph becomes a workflow: brought along, bound in the form, offered when generating. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { type Api, openPage } from "./api";
import { test } from "./farm";

const CODE = "OWN";
const GRAPH = {
  "3": {
    class_type: "KSampler",
    inputs: {
      ...{ model: ["4", 0], positive: ["6", 0], negative: ["7", 0], latent_image: ["5", 0] },
      ...{ seed: 7, steps: 20, cfg: 8, sampler_name: "euler", scheduler: "normal", denoise: 1 },
    },
  },
  "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "sd_xl_base_1.0.safetensors" } },
  "5": { class_type: "EmptyLatentImage", inputs: { width: 1024, height: 576, batch_size: 1 } },
  "6": {
    class_type: "CLIPTextEncode",
    inputs: { text: "a lighthouse", clip: ["4", 1] },
    _meta: { title: "장면 설명" },
  },
  "7": { class_type: "CLIPTextEncode", inputs: { text: "blurry", clip: ["4", 1] } },
  "8": { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] } },
  "9": { class_type: "SaveImage", inputs: { filename_prefix: "mine", images: ["8", 0] } },
};

test.describe.configure({ mode: "serial" });

let page: Page;
let api: Api;
const broken: string[] = [];

test.beforeAll(async ({ browser, farm }) => {
  ({ page, api } = await openPage(browser, farm, broken));
  await api("POST", "/api/projects", { code: CODE, name: "등대" });
  await api("POST", `/api/projects/${CODE}/shots`, [{ scene_description: "밤의 등대" }]);
});
test.afterAll(() => page.context().close());

const bring = (graph: unknown, name = "등대 v2.json") =>
  page.locator('input[type="file"]').setInputFiles({
    name,
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(graph)),
  });
const row = (name: string) => page.locator(`[data-input="${name}"]`);

test("a graph that cannot be used is refused with all reasons", async () => {
  await page.goto("/farm");
  await page.getByRole("link", { name: "워크플로" }).click();
  await page.getByRole("button", { name: "그래프 올리기" }).click();
  await bring({ nodes: [{ id: 1 }], links: [] });
  await expect(page.getByRole("alert")).toContainText("Workflow → Export (API)");
  await bring({
    ...GRAPH,
    "10": { class_type: "RunPython", inputs: {} },
    "11": { class_type: "Shell", inputs: {} },
  });
  await expect(page.getByRole("alert").getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("alert")).toContainText(
    "노드 10: 이 팜에서 허용되지 않은 노드입니다(RunPython)",
  );
});

test("its inputs are found, and what is wrong is said at the field", async () => {
  await bring(GRAPH);
  await expect(page.getByRole("heading", { name: "새 워크플로" })).toBeVisible();
  await expect(page.getByText("8개 / 전체 11개")).toBeVisible();
  await expect(row("prompt")).toContainText("장면 설명");
  await expect(row("prompt").getByLabel("채우는 방법")).toHaveValue("prompt");
  await page.getByText("늘 그대로 쓰는 파일 1개").click();
  await expect(page.getByText("sd_xl_base_1.0.safetensors")).toBeVisible();
  await page.getByLabel("이름", { exact: true }).fill("lighthouse");
  await page.getByLabel("제목 (영어)").fill("Lighthouse");
  await row("steps").getByLabel("최대", { exact: true }).fill("10");
  await page.getByRole("button", { name: "저장" }).click();
  await expect(row("steps").getByRole("alert")).toHaveText("1~10 범위여야 합니다.");
  await expect(row("steps").getByLabel("기본값")).toBeFocused();
  if (process.env.SHOTS_DIR)
    await page.screenshot({ path: `${process.env.SHOTS_DIR}/form.png`, fullPage: true });
});

test("the form is reached by keyboard and passes axe", async () => {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  const ask = page.getByRole("checkbox", { name: "샘플러 물어보기" });
  await ask.focus();
  await page.keyboard.press("Space");
  await expect(row("sampler_name").getByLabel("선택지")).toHaveValue(/dpmpp_2m/);
  await page.keyboard.press("Tab");
  await expect(row("sampler_name").getByLabel("표시 이름 (한국어)")).toBeFocused();
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "New workflow" })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("lighthouse");
  await page.getByRole("button", { name: "한국어" }).click();
});

test("it is saved, and offered when generating", async () => {
  await row("steps").getByLabel("최대", { exact: true }).fill("50");
  await page.keyboard.press("Enter");
  const mine = page.locator('[data-workflow="own/lighthouse"]');
  await expect(mine).toContainText("버전 1");
  await expect(mine).toContainText("지금 실행 불가");
  if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/list.png` });
  await page.goto(`/projects/${CODE}`);
  await page.getByRole("button", { name: /생성/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("워크플로").selectOption({ value: "own/lighthouse" });
  await expect(dialog.getByLabel("프롬프트", { exact: true })).toBeVisible();
  await dialog.getByText("고급 설정").click();
  await expect(dialog.getByLabel("샘플러")).toHaveValue("euler");
  await dialog.getByLabel("스텝 수").fill("12");
  if (process.env.SHOTS_DIR) await page.screenshot({ path: `${process.env.SHOTS_DIR}/generate.png` });
  await dialog.getByRole("button", { name: "생성 시작" }).click();
  await expect
    .poll(async () =>
      (await api<{ rows: { workflow: string }[] }>("GET", "/api/jobs")).rows.map((job) => job.workflow),
    )
    .toContain("own/lighthouse");
});

test("it is changed into the next version, and kept while a job waits for it", async () => {
  await page.goto("/workflows");
  await page.getByRole("button", { name: "등대 v2 고치기" }).click();
  await expect(page.getByText("저장하면 버전 2이 됩니다.")).toBeVisible();
  await row("guidance_scale").getByRole("checkbox", { name: "가이던스 물어보기" }).uncheck();
  const changed = {
    ...GRAPH,
    "5": { ...GRAPH["5"], inputs: { ...GRAPH["5"].inputs, width: 768, extra: 5 } },
  };
  await bring(changed);
  await expect(row("extra")).toBeVisible();
  await expect(row("steps").getByLabel("최대", { exact: true })).toHaveValue("50");
  await page.getByRole("button", { name: "저장" }).click();
  const mine = page.locator('[data-workflow="own/lighthouse"]');
  await expect(mine).toContainText("버전 2");
  await mine.getByRole("button", { name: "등대 v2 삭제" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "삭제" }).click();
  await expect(dialog.getByRole("alert")).toContainText("아직 끝나지 않은 작업이 있습니다");
  const { rows } = await api<{ rows: { id: string }[] }>("GET", "/api/jobs?workflow=own/lighthouse");
  for (const { id } of rows) await api("POST", `/api/jobs/${id}/cancel`);
  await dialog.getByRole("button", { name: "삭제" }).click();
  await expect(mine).toHaveCount(0);
  expect(broken).toEqual([]);
});
