import { expect, test } from "vitest";
import { perMinute, stacked } from "./stack";

const ended = { completed: [6, 10, 2, 99], canceled: [0, 1, 0, 0], lost: [1, 0, 0, 0], failed: [2, 0, 0, 1] };

test("a bar is piled up from what went well to what failed", () => {
  expect(stacked(ended)).toEqual([
    [6, 10, 2, 99],
    [6, 11, 2, 99],
    [7, 11, 2, 99],
    [9, 11, 2, 100],
  ]);
});

test("the rate leaves out the step that is not over", () => {
  expect(perMinute({ ended, step_s: 60 }, 2)).toBe(6);
  expect(perMinute({ ended, step_s: 60 }, 60)).toBe(6);
  expect(perMinute({ ended, step_s: 120 }, 1)).toBe(1);
  expect(perMinute({ ended: { ...ended, completed: [4] }, step_s: 60 }, 10)).toBeUndefined();
});
