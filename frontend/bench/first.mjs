import { gzipSync } from "node:zlib";

const LINK = {
  offline: false,
  latency: 40,
  downloadThroughput: (20 * 1e6) / 8,
  uploadThroughput: (20 * 1e6) / 8,
};

/** Seconds to the first rows over a slow link with nothing kept, and the script that came before one could do anything. */
export async function first(page, farm) {
  await page.goto("about:blank"); // what the page before still fetches is not counted
  const scripts = new Map();
  page.on("response", async (response) => {
    if (response.request().resourceType() === "script")
      scripts.set(response.url(), gzipSync(await response.body(), { level: 9 }).length);
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  await devtools.send("Network.emulateNetworkConditions", LINK);
  const began = Date.now();
  await page.goto(`/projects/${farm.project}?group=null`, { waitUntil: "commit" });
  await page.waitForFunction(() =>
    document.querySelector('[data-testid="glide-cell-2-0"]')?.textContent.startsWith("SHT"),
  );
  const first_rows_s = (Date.now() - began) / 1000;
  await page.waitForTimeout(300);
  return { first_rows_s, script_kb: [...scripts.values()].reduce((sum, size) => sum + size, 0) / 1000 };
}
