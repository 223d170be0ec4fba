import { expect, test } from "vitest";
import { HOME, shifted, zoomed } from "./viewport";

test("what is under the pointer stays under it", () => {
  const at = { x: 0.25, y: 0.75 };
  const view = zoomed(HOME, 4, at);
  expect((at.x - view.x) / view.scale).toBeCloseTo(at.x);
  expect((at.y - view.y) / view.scale).toBeCloseTo(at.y);
});

test("a picture is never smaller than its pane, nor dragged out of it", () => {
  expect(zoomed(zoomed(HOME, 2), 0.1)).toEqual(HOME);
  expect(shifted(HOME, 0.5, -0.5)).toEqual(HOME);
  expect(shifted(zoomed(HOME, 2), 5, -5)).toEqual({ scale: 2, x: 0, y: -1 });
});
