import { opened, quantile } from "./farm.mjs";

const SECONDS = 6;
const HEADER = 34;
const MARKER = 36;

/** Hard wheel scrolling: frames a second, their 95th percentile and the heap's growth; then whether every row seen is right. */
export async function scroll(page, farm, shots) {
  await opened(page, farm, shots);
  const heap = async () => {
    await page.evaluate(() => globalThis.gc?.());
    return page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  };
  const before = await heap();
  await page.mouse.move(800, 500);
  await page.evaluate(() => {
    globalThis.frames = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      globalThis.ticking = requestAnimationFrame(tick);
    };
    globalThis.ticking = requestAnimationFrame(tick);
  });
  const end = Date.now() + SECONDS * 1000;
  let down = true;
  while (Date.now() < end) {
    await page.mouse.wheel(0, down ? 3000 : -2600);
    if (Math.random() < 0.02) down = !down;
  }
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.ticking);
    return globalThis.frames.slice(2);
  });
  await page.waitForTimeout(500);
  const wrong = await wrongRows(page);
  const grown = (await heap()) - before;
  const sum = frames.reduce((all, frame) => all + frame, 0);
  return { fps: (1000 * frames.length) / sum, p95_ms: quantile(frames, 0.95), heap_mb: grown, ...wrong };
}

/** Rows without a code, or with a picture of another colour than that code's shot has. */
async function wrongRows(page) {
  return page.evaluate(
    ({ header, marker }) => {
      const canvas = document.querySelector('canvas[data-testid="data-grid-canvas"]');
      const scroller = document.querySelector(".dvn-scroller");
      const ratio = canvas.width / canvas.clientWidth;
      const seen = [...document.querySelectorAll('[data-testid^="glide-cell-2-"]')].map((cell) => ({
        line: Number(cell.dataset.testid.split("-").at(-1)),
        code: cell.textContent,
      }));
      const rowHeight = 70;
      const wrong = [];
      let looked = 0;
      for (const { line, code } of seen) {
        const y = header + line * rowHeight - scroller.scrollTop + rowHeight / 2;
        if (y < header + 20 || y > canvas.clientHeight - 20) continue;
        looked += 1;
        const number = Number(code.slice(4));
        const [r, g, b] = canvas
          .getContext("2d")
          .getImageData((marker + 148 / 2) * ratio, y * ratio, 1, 1).data;
        const wanted = [37, 91, 151].map((step) => ((number * step) % 200) + 28);
        const off = Math.max(...wanted.map((value, index) => Math.abs(value - [r, g, b][index])));
        if (!(number > 0) || off > 14) wrong.push({ line, code, off });
      }
      return { looked, wrong: wrong.length, first_wrong: wrong.slice(0, 3) };
    },
    { header: HEADER, marker: MARKER },
  );
}
