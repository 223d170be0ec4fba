import { opened, quantile } from "./farm.mjs";

const EDITS = 100;

/** From the moment one browser commits a cell until another one paints it. */
export async function remote(writer, reader, farm, shots) {
  for (const page of [writer, reader]) {
    await opened(page, farm, shots);
    await page.mouse.click(760, 240);
  }
  await reader.evaluate(() => {
    // what is painted, not what is known: the text that the canvas is given
    globalThis.painted = new Map();
    const paint = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      if (!globalThis.painted.has(text)) globalThis.painted.set(text, Date.now());
      return paint.call(this, text, ...place);
    };
  });
  const times = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const text = `edit ${edit} of mine`;
    await writer.keyboard.type(text);
    const began = Date.now();
    await writer.keyboard.press("Enter");
    const at = await reader.waitForFunction((said) => globalThis.painted.get(said), text, { polling: 20 });
    times.push((await at.jsonValue()) - began);
    await writer.keyboard.press("ArrowUp");
  }
  return { remote_edit_p50_ms: quantile(times, 0.5), remote_edit_p95_ms: quantile(times, 0.95) };
}
