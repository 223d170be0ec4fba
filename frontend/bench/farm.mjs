/** A bench farm and a browser in it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";

export const ROOT = resolve(import.meta.dirname, "../..");
export const PYTHON = join(ROOT, ".venv/bin/python");
const CHROMIUM = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find((path) => path && existsSync(path));

/** Starts a farm with that many shots (bench/page.py); `run` gets it, and it ends with `run`. */
export const withShots = (shots, run, { jobsASecond = 0 } = {}) =>
  withFarm(["bench.page", String(shots), "--jobs-a-second", String(jobsASecond)], run);

/** Starts the farm of a bench module; `run` gets what it says of itself, and it ends with `run`. */
export async function withFarm(module, run) {
  const child = spawn(PYTHON, ["-m", ...module], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: [ROOT, join(ROOT, ".bench/client")].join(":") },
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const said = await new Promise((ready, failed) => {
      createInterface({ input: child.stdout }).once("line", ready);
      child.once("exit", (code) => failed(new Error(`the farm ended with ${code}`)));
    });
    return await run(JSON.parse(said));
  } finally {
    child.stdin.end();
    await new Promise((ended) => (child.exitCode === null ? child.once("exit", ended) : ended()));
  }
}

/** A browser of its own, for as long as `run` takes. */
export async function withBrowser(run) {
  const browser = await chromium.launch({
    ...(CHROMIUM && { executablePath: CHROMIUM }),
    args: ["--enable-precise-memory-info", "--js-flags=--expose-gc"],
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    return await run(browser);
  } finally {
    await browser.close();
  }
}

/** A page that is let in, at 1600×900. */
export async function enter(browser, farm) {
  const context = await browser.newContext({
    baseURL: farm.url,
    viewport: { width: 1600, height: 900 },
    locale: "ko-KR",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  const answer = await fetch(`${farm.url}/api/tickets`, {
    method: "POST",
    headers: { Authorization: `Bearer ${farm.secret}` },
  });
  await page.goto((await answer.json()).path);
  return page;
}

export const cell = (page, column, line) => page.locator(`[data-testid="glide-cell-${column}-${line}"]`);

/** The line below the table that says how many shots there are. */
export const counted = (page, shots) => page.getByText(`샷 ${shots}개`).first();

/** The table is there and holds the whole list. */
export async function opened(page, farm, shots, search = "") {
  await page.goto(`/projects/${farm.project}?group=null${search}`);
  await page.locator("[data-table] canvas").first().waitFor();
  await counted(page, shots).waitFor({ timeout: 120_000 });
  await page.getByText("불러오는 중").waitFor({ state: "hidden", timeout: 120_000 });
}

export const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
