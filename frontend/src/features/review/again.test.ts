import { expect, test } from "vitest";
import type { TakeView, WorkflowView } from "@/api";
import { shot } from "@/api/live/fixtures";
import { actionWith, requestAgain } from "./again";

const label = { en: "x", ko: "x" };
const workflow = {
  name: "text_to_image/storyboard",
  parameters: {
    shot: { type: "shot", label },
    prompt: { type: "text", label, source: "prompt" },
    tone: { type: "choice", label, options: {}, default: "color" },
    seed: { type: "seed", label },
  },
} as unknown as WorkflowView;
const take = (changed: Partial<TakeView> = {}) =>
  ({
    shot_id: "S",
    stale: false,
    recipe: { parameters: { prompt: "rain", tone: "line", seed: 7, gone: 1 } },
    ...changed,
  }) as TakeView;

test("the same again is the recipe; a new seed is drawn by the master", () => {
  expect(requestAgain(take(), workflow, { seed: "same", addition: "" })).toEqual({
    workflow: "text_to_image/storyboard",
    shot_ids: ["S"],
    parameters: { prompt: "rain", tone: "line", seed: 7 },
  });
  expect(requestAgain(take(), workflow, { seed: "new", addition: "" }).parameters).toEqual({
    prompt: "rain",
    tone: "line",
  });
});

test("what follows from a shot that changes is left to the farm", () => {
  const wanted = { tone: "line", seed: 7 };
  expect(requestAgain(take({ stale: true }), workflow, { seed: "same", addition: "" }).parameters).toEqual(
    wanted,
  );
  expect(requestAgain(take(), workflow, { seed: "same", addition: "darker" }).parameters).toEqual(wanted);
});

test("an addition is one more sentence of the action", () => {
  expect(actionWith(shot({ action: "Mina runs" }), "faster")).toBe("Mina runs. faster");
  expect(actionWith(shot({ action: "Mina runs." }), " faster ")).toBe("Mina runs. faster");
  expect(actionWith(shot({ action: "" }), "faster")).toBe("faster");
});
