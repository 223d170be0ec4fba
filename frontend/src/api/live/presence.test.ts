import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { LivePerson } from "@/api/generated";
import { forgetPresence, tellPresence, usePresence } from "./presence";

const mina: LivePerson = { tab: "t1", name: "Mina", shot_id: "S1", field: "notes" };

afterEach(() => act(() => forgetPresence()));

test("a project shows its own people, until they leave", () => {
  const { result } = renderHook(() => usePresence("P"));
  expect(result.current).toEqual([]);
  act(() => tellPresence({ project: "P", people: [mina] }));
  act(() => tellPresence({ project: "Q", people: [{ ...mina, tab: "t2" }] }));
  expect(result.current).toEqual([mina]);
  act(() => tellPresence({ project: "P", people: [] }));
  expect(result.current).toEqual([]);
});

test("only who looks at the project that changed gets another list", () => {
  const { result } = renderHook(() => usePresence("P"));
  act(() => tellPresence({ project: "P", people: [mina] }));
  const before = result.current;
  act(() => tellPresence({ project: "Q", people: [mina] }));
  expect(result.current).toBe(before);
});

test("a broken connection knows nobody", () => {
  const { result } = renderHook(() => usePresence("P"));
  act(() => tellPresence({ project: "P", people: [mina] }));
  act(() => forgetPresence());
  expect(result.current).toEqual([]);
});
