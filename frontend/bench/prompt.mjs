import { quantile } from "./farm.mjs";

const PICKS = 40;

/** From a choice in the shot's drawer until the prompt of it is painted; and whether the master says the same. */
export async function prompt(page, farm) {
  await page.goto(`/projects/${farm.project}?view=list&q=00001&shot=SHT-00001`);
  const picker = page.getByRole("combobox", { name: "시네마틱 옵션" });
  await picker.waitFor();
  const values = await picker.locator("option").evaluateAll((options) => options.map(({ value }) => value));
  await page.evaluate(() => {
    globalThis.waits = [];
    document.addEventListener(
      "change",
      () => {
        const from = performance.now();
        const shown = document.querySelector("[data-prompt]")?.textContent;
        const look = () => {
          if (document.querySelector("[data-prompt]")?.textContent === shown)
            return requestAnimationFrame(look);
          globalThis.waits.push(performance.now() - from);
        };
        requestAnimationFrame(look);
      },
      true,
    );
  });
  for (let pick = 0; pick < PICKS; pick += 1) {
    await picker.selectOption(values[(pick % 2) * (values.length - 1)] ?? "");
    await page.waitForFunction((count) => globalThis.waits.length === count, pick + 1);
  }
  const waits = await page.evaluate(() => globalThis.waits);
  return { prompt_ms: quantile(waits, 0.95), picks: waits.length };
}
