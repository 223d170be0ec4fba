/**
 * Other words for an ad in the browser, with a real worker and no model: `node bench/ad-words.mjs`. Prints one line of JSON:
 * milliseconds from the click until the new picture is painted, and how busy the machine was before.
 */
import { loadavg } from "node:os";
import { enter, quantile, withBrowser, withFarm } from "./farm.mjs";

const AGAIN = 7;

async function changed(page, words) {
  const before = await page.locator('img[alt^="완성된 광고"]').getAttribute("src");
  await page.getByLabel("큰 글자").fill(words);
  const waited = page.evaluate(
    ([words, before]) =>
      new Promise((done) => {
        document.addEventListener(
          "click",
          () => {
            const from = performance.now();
            const look = () => {
              const image = document.querySelector(`img[alt="완성된 광고: ${words}"]`);
              const there = image && image.getAttribute("src") !== before && image.complete;
              if (!there) return requestAnimationFrame(look);
              void image.decode().then(() => requestAnimationFrame(() => done(performance.now() - from)));
            };
            look();
          },
          { capture: true, once: true },
        );
      }),
    [words, before],
  );
  await page.getByRole("button", { name: "바꾼 대로 다시 만들기" }).click();
  return waited;
}

const load = loadavg()[0];
const waits = await withFarm(["bench.ad_page"], (farm) =>
  withBrowser(async (browser) => {
    const page = await enter(browser, farm);
    await page.goto(`/ads/${farm.ad}`);
    await page.getByRole("link", { name: "내려받기", exact: true }).waitFor();
    const waits = [];
    for (let turn = 0; turn < AGAIN; turn += 1)
      waits.push(await changed(page, farm.words[(turn + 1) % farm.words.length]));
    return waits;
  }),
);
const ms = Math.round;
console.log(
  JSON.stringify({
    ad_words_ms: ms(quantile(waits, 0.5)),
    ad_words_most_ms: ms(Math.max(...waits)),
    all_ms: waits.map(ms),
    load: { before: load, after: loadavg()[0] },
  }),
);
