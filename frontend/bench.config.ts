import { defineConfig } from "@playwright/test";
import e2e from "./playwright.config";

export default defineConfig({
  ...e2e,
  projects: [{ name: "bench", testMatch: "*.bench.ts" }],
  reporter: "line",
});
