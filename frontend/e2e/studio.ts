/** The ad studio driven, for tests that make ads. */
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page } from "@playwright/test";
import { type Api, openPage } from "./api";
import type { Farm } from "./farm";

const MADE_MS = 120_000; // on a machine that is busy with much else

/** Product photos; tests/photos has drawn them. */
export const photo = (name: "jar" | "shoe"): string => join(import.meta.dirname, "photos", `${name}.jpg`);

interface Stage {
  key: string;
  job_id: string;
}
interface Ad {
  status: string;
  parameters: Record<string, unknown>;
  cut_out: { trusted: boolean } | null;
  shared: Stage[];
  branches: { key: string; stages: Stage[] }[];
}

export type Studio = ReturnType<typeof studioOf>;

/** The page of the ads, for somebody who was let in; scripts that break there are told to `broken`. */
export async function openStudio(
  browser: Browser,
  farm: Farm,
  broken: string[],
): Promise<{ page: Page; studio: Studio }> {
  const { page, api } = await openPage(browser, farm, broken);
  await page.goto("/ads");
  return { page, studio: studioOf(page, api) };
}

/** None of axe's that hinders somebody. */
export async function noSeriousFinding(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

/** The ad that the page shows, and what is on the page. */
function studioOf(page: Page, api: Api) {
  const ad = () => api<Ad>("GET", `/api/ads/${page.url().split("/").at(-1)}`);
  const downloads = () => page.getByRole("link", { name: "내려받기", exact: true });
  return {
    ad,
    downloads,
    /** Of each stage of the first picture, by key. */
    jobs: async (): Promise<Record<string, string>> => {
      const { shared, branches } = await ad();
      return Object.fromEntries(
        [...shared, ...(branches[0]?.stages ?? [])].map((one) => [one.key, one.job_id]),
      );
    },
    /** The ad is done, and so many of its pictures are in sight. */
    made: async (pictures: number) => {
      await expect(downloads()).toHaveCount(pictures, { timeout: MADE_MS });
      await expect.poll(async () => (await ad()).status, { timeout: MADE_MS }).toBe("completed");
      await expect(downloads()).toHaveCount(pictures);
    },
    failed: (stage: string) =>
      expect(page.getByText(`‘${stage}’ 단계에서 실패했습니다`)).toBeVisible({ timeout: MADE_MS }),
    bring: (file: string | { name: string; mimeType: string; buffer: Buffer }) =>
      page.locator("input[type=file]").setInputFiles(file),
    button: (name: string | RegExp) =>
      page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name }),
    group: (name: string) => page.getByRole("group", { name, exact: true }),
  };
}
