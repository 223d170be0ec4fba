import { spawn } from "node:child_process";
import { PYTHON, ROOT } from "./farm.mjs";

const MEASURED_MS = 10_000;
const BOXES = 16;

/** 64 devices at one reading a second, with an hour of them: how smooth the dashboard is, and what it weighs. */
export async function dashboard(page, farm) {
  const devices = spawn(PYTHON, ["-m", "bench.devices", "--master", farm.url, "--boxes", String(BOXES)], {
    cwd: ROOT,
    env: { ...process.env, CINEFARM_SECRET: farm.secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((told) => devices.stdout.once("data", told));
    await page.goto("/workers");
    await page
      .locator("article[data-worker]")
      .nth(BOXES - 1)
      .waitFor();
    await page.locator(".u-over").nth(3).waitFor();
    await page.waitForTimeout(3000); // the history is drawn
    const frames = await page.evaluate(
      (measured) =>
        new Promise((done) => {
          const times = [];
          const frame = (now) => {
            times.push(now);
            if (now - times[0] < measured) requestAnimationFrame(frame);
            else done(times);
          };
          requestAnimationFrame(frame);
        }),
      MEASURED_MS,
    );
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return {
      dashboard_fps: ((frames.length - 1) / (frames.at(-1) - frames[0])) * 1000,
      dashboard_heap_mb: usedSize / 1e6,
    };
  } finally {
    devices.kill();
  }
}
