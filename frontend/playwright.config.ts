import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const chromium = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find((path) => path && existsSync(path));

// A project for each file: so each has a process and a farm of its own, and none sees the jobs of another.
const projects = readdirSync(new URL("e2e", import.meta.url))
  .filter((file) => file.endsWith(".spec.ts"))
  .map((file) => ({ name: file.replace(".spec.ts", ""), testMatch: file }));

export default defineConfig({
  testDir: "e2e",
  projects,
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [["list"], ["html", { open: "never" }]] : "list",
  use: {
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      args: ["--autoplay-policy=no-user-gesture-required"],
      ...(chromium !== undefined && { executablePath: chromium }), // else the one Playwright installed
      chromiumSandbox: process.getuid?.() !== 0, // Chromium refuses its sandbox to root
    },
  },
});
