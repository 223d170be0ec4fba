import { expect, type Request } from "@playwright/test";
import { apiOf } from "./api";
import { test } from "./farm";
import { cell, click, seen } from "./table";

/** 500 shots changed by one gesture. */
const CODE = "BULK";
const MANY = 500;
const [OPTION, PROMPT] = [7, 8];

interface Shot {
  cinematic_option_id: string | null;
  generated_prompt: string;
}

test("one gesture on 500 shots is one request and one undo, and every prompt follows", async ({
  page,
  farm,
}) => {
  await farm.enter(page);
  const api = apiOf(page, farm);
  await api("POST", "/api/projects", { code: CODE, name: "한꺼번에" });
  await api(
    "POST",
    `/api/projects/${CODE}/shots`,
    Array.from({ length: MANY }, (_, index) => ({ scene_description: `scene ${index}` })),
  );
  const neon = await api<{ id: string; rev: number }>("POST", `/api/projects/${CODE}/cinematic-options`, {
    name: "Neon night",
    lens_type: "anamorphic lens",
  });
  const shots = async () =>
    (await api<{ rows: Shot[] }>("GET", `/api/projects/${CODE}/shots?limit=1000`)).rows;
  const prompted = async (words: string) =>
    (await shots()).filter(({ generated_prompt }) => generated_prompt.includes(words)).length;

  await page.goto(`${farm.url}/projects/${CODE}?group=null`);
  await seen(page, MANY);
  await expect(cell(page, 2, 0)).toHaveText("SHT-00001");
  const writes: string[] = [];
  page.on("request", (request: Request) => {
    if (request.method() !== "GET") writes.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });

  await test.step("the option of all 500", async () => {
    await click(page, OPTION, 0);
    await page.keyboard.press("Control+Shift+ArrowDown");
    await page.keyboard.type("Neon night");
    await page.keyboard.press("Control+Enter");
    await expect(cell(page, PROMPT, 0)).toContainText("anamorphic lens");
    await expect.poll(() => prompted("anamorphic lens")).toBe(MANY);
    expect((await shots()).every(({ cinematic_option_id }) => cinematic_option_id === neon.id)).toBe(true);
    expect(writes.splice(0)).toEqual([`POST /api/projects/${CODE}/edits`]);
  });

  await test.step("the lens of that option, by somebody else: what is on the screen follows", async () => {
    await api("PATCH", `/api/cinematic-options/${neon.id}`, { rev: neon.rev, lens_type: "macro lens" });
    await expect(cell(page, PROMPT, 0)).toContainText("macro lens");
    await expect.poll(() => prompted("macro lens")).toBe(MANY);
    expect(await prompted("anamorphic lens")).toBe(0);
  });

  await test.step("one undo", async () => {
    await page.keyboard.press("Control+z");
    await expect(cell(page, PROMPT, 0)).not.toContainText("macro lens");
    await expect.poll(() => prompted("macro lens")).toBe(0);
    expect((await shots()).every(({ cinematic_option_id }) => cinematic_option_id === null)).toBe(true);
    expect(writes.splice(0)).toEqual([`POST /api/projects/${CODE}/undo`]);
    await page.keyboard.press("Control+Shift+z");
    await expect.poll(() => prompted("macro lens")).toBe(MANY);
    expect(writes.splice(0)).toEqual([`POST /api/projects/${CODE}/redo`]);
  });
});
