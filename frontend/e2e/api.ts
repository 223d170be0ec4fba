/** The master asked as the page asks it, for what a test needs before and after the page is used. */
import { type Browser, expect, type Page } from "@playwright/test";
import type { Farm } from "./farm";

export type Api = <Answer>(method: string, path: string, data?: unknown) => Promise<Answer>;

export function apiOf(page: Page, farm: Farm): Api {
  return async <Answer>(method: string, path: string, data?: unknown) => {
    const answer = await page.request.fetch(farm.url + path, {
      method,
      headers: { origin: farm.url },
      ...(data !== undefined && { data }),
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return (answer.status() === 204 ? undefined : await answer.json()) as Answer;
  };
}

/** A page of somebody who was let in; scripts that break there are told to `broken`. */
export async function openPage(
  browser: Browser,
  farm: Farm,
  broken: string[],
): Promise<{ page: Page; api: Api }> {
  const context = await browser.newContext({ baseURL: farm.url });
  const page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.message));
  await farm.enter(page);
  return { page, api: apiOf(page, farm) };
}
