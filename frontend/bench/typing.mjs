import { cell, opened, quantile } from "./farm.mjs";

const LETTERS = 60;

/** From a key to the letter being painted, while the farm tells of its jobs. */
export async function typing(page, farm, shots) {
  await opened(page, farm, shots);
  await cell(page, 4, 0).waitFor({ state: "attached" });
  await page.mouse.click(760, 240);
  await page.keyboard.press("Enter");
  await page.evaluate(() => {
    globalThis.echoes = [];
    globalThis.events = 0;
    const field = document.querySelector("[data-cell-input]");
    let pressed = 0;
    field.addEventListener("keydown", (event) => (pressed = event.timeStamp));
    field.addEventListener("input", () =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel(); // the first task after the frame was painted
        const from = pressed;
        channel.port1.onmessage = () => globalThis.echoes.push(performance.now() - from);
        channel.port2.postMessage(null);
      }),
    );
  });
  const before = await eventsOf(farm);
  const began = Date.now();
  for (let letter = 0; letter < LETTERS; letter += 1) {
    await page.keyboard.press("x");
    await page.waitForTimeout(80);
  }
  const seconds = (Date.now() - began) / 1000;
  const events = ((await eventsOf(farm)) - before) / seconds;
  const echoes = await page.evaluate(() => globalThis.echoes);
  await page.keyboard.press("Escape");
  return { typing_p95_ms: quantile(echoes, 0.95), typing_keys: echoes.length, job_events_s: events };
}

/** Changes of jobs so far: each ended one was queued, assigned and completed. */
async function eventsOf({ url, secret, project }) {
  const headers = { Authorization: `Bearer ${secret}` };
  const asked = `${url}/api/jobs?project=${project}&status=completed&limit=1`;
  const { total } = await (await fetch(asked, { headers })).json();
  return total * 3;
}
