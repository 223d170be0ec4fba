import { expect, test } from "vitest";
import type { WorkerView } from "@/api";
import { stagedOnly } from "./standing";

function box(staged: string[], ...residents: (string[] | null)[]): WorkerView {
  const devices = residents.map((resident) => ({ metrics: resident && { resident } }));
  return { staged, devices } as unknown as WorkerView;
}

test("weights of a box without a GPU are in its RAM once, and told once", () => {
  expect(stagedOnly(box(["klein", "clip"], ["klein", "clip"]))).toEqual([]);
});

test("weights that wait in RAM for a GPU are told with the box", () => {
  expect(stagedOnly(box(["flux", "wan"], ["flux"], null))).toEqual(["wan"]);
});
