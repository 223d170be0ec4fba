/** 64 devices at one reading a second, with an hour of them: how smooth the dashboard is, and what it weighs. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "@playwright/test";
import { test } from "./farm";

const ROOT = resolve(import.meta.dirname, "../..");
const VENV = join(ROOT, ".venv/bin/python");
const MEASURED_MS = 10_000;

test("the dashboard with 64 devices", async ({ page, farm }) => {
  const devices = spawn(
    process.env.PYTHON ?? (existsSync(VENV) ? VENV : "python3"),
    ["-m", "bench.devices", "--master", farm.url, "--secret-file", farm.secretFile],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    await new Promise((told) => devices.stdout.once("data", told));
    await farm.enter(page);
    await page.goto(`${farm.url}/workers`);
    await expect(page.locator("article[data-worker]")).toHaveCount(17);
    await expect(page.locator(".u-over")).toHaveCount(4);
    await page.waitForTimeout(3000); // the history is drawn
    const frames = await page.evaluate(
      (measured) =>
        new Promise<number>((done) => {
          const began = performance.now();
          let count = 0;
          const frame = (now: number) => {
            count += 1;
            if (now - began < measured) requestAnimationFrame(frame);
            else done((count / (now - began)) * 1000);
          };
          requestAnimationFrame(frame);
        }),
      MEASURED_MS,
    );
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    console.log(
      JSON.stringify({
        dashboard_fps: Math.round(frames * 10) / 10,
        dashboard_heap_mb: Math.round(usedSize / 1e5) / 10,
      }),
    );
  } finally {
    devices.kill();
  }
});
