import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, vi } from "vitest";
import { startLanguage } from "./i18n";

// Files share a jsdom: what one leaves, even where it failed, is not there for the next.
beforeAll(() => {
  localStorage.clear();
  sessionStorage.clear();
  return startLanguage();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
