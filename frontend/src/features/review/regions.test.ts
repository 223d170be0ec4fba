import { expect, test } from "vitest";
import { regionOf } from "./regions";

test("a rectangle is the same whichever corner it was drawn from", () => {
  const wanted = { kind: "rectangle", x: 0.2, y: 0.1, width: 0.3, height: 0.5 };
  expect(
    regionOf("rectangle", [
      [0.2, 0.1],
      [0.5, 0.6],
    ]),
  ).toEqual(wanted);
  expect(
    regionOf("rectangle", [
      [0.5, 0.6],
      [0.2, 0.1],
    ]),
  ).toEqual(wanted);
});

test("what is drawn past the picture ends at its edge", () => {
  expect(
    regionOf("rectangle", [
      [-1, 0.5],
      [2, 3],
    ]),
  ).toEqual({ kind: "rectangle", x: 0, y: 0.5, width: 1, height: 0.5 });
});

test("a click marks nothing", () => {
  expect(regionOf("rectangle", [[0.5, 0.5]])).toBeUndefined();
  expect(
    regionOf("freehand", [
      [0.5, 0.5],
      [0.501, 0.5],
    ]),
  ).toBeUndefined();
});

test("a long line is thinned to what the master takes", () => {
  const stroke = Array.from({ length: 5000 }, (_, n): [number, number] => [n / 5000, 0.5]);
  const region = regionOf("freehand", stroke);
  expect(region?.kind === "freehand" && region.points.length).toBeLessThanOrEqual(400);
});
