import { afterEach, expect, test, vi } from "vitest";
import { chooseLanguage } from "@/i18n";
import "./client";
import { showProject } from "./generated";

afterEach(() => chooseLanguage("ko"));

test("the master is asked in the language of the page", async () => {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request.headers.get("Accept-Language"));
    return Promise.resolve(Response.json({}));
  });
  await showProject({ path: { code: "DEMO" } });
  await chooseLanguage("en");
  await showProject({ path: { code: "DEMO" } });
  expect(asked).toEqual(["ko", "en"]);
  vi.unstubAllGlobals();
});
