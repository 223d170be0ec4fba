import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { choosePersonName, nameProblem, personName, usePersonName } from "./person";

test("without a name of one's own two letters stand for one, and stay", () => {
  expect(personName()).toMatch(/^[A-Z]{2}$/);
  expect(personName()).toBe(personName());
});

test("a chosen name is tidied, kept in this browser, and seen at once", () => {
  const { result } = renderHook(usePersonName);
  act(() => void choosePersonName("  김  미나 "));
  expect([result.current, personName(), localStorage.getItem("cinefarm.name")]).toEqual(
    Array(3).fill("김 미나"),
  );
});

test("a name chosen in another tab counts here too", () => {
  const { result } = renderHook(usePersonName);
  localStorage.setItem("cinefarm.name", "Joon");
  act(() => void globalThis.dispatchEvent(new StorageEvent("storage", { key: "cinefarm.name" })));
  expect(result.current).toBe("Joon");
});

test.each([
  ["", "empty"],
  ["   ", "empty"],
  ["가".repeat(41), "tooLong"],
  ["a\u0007b", "signs"],
  ["가".repeat(40), undefined],
  ["🎬".repeat(40), undefined],
])("the name %o: %s", (name, problem) => {
  expect(nameProblem(name)).toBe(problem);
});
