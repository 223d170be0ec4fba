import { expect, test } from "vitest";
import { KEPT_S, Ring } from "./ring";

const T = 1_700_000_000;
const USED = "utilisation_percent";

test("readings stand at their seconds, and what was not read is a gap", () => {
  const ring = new Ring();
  ring.write(USED, T, [1, null, 3]);
  ring.write(USED, T + 5, [6]);
  expect(ring.read(USED, T - 1, 8)).toEqual([null, 1, null, 3, null, null, 6, null]);
});

test("a second told again has its newest value", () => {
  const ring = new Ring();
  ring.write(USED, T, [1, null, 3]);
  ring.write(USED, T + 1, [2, 4]);
  expect(ring.read(USED, T, 3)).toEqual([1, 2, 4]);
});

test("an hour is kept, and a longer silence leaves nothing of before", () => {
  const ring = new Ring();
  ring.write(
    USED,
    T,
    Array.from({ length: KEPT_S + 10 }, (_, at) => at),
  );
  expect(ring.read(USED, T + 8, 4)).toEqual([null, null, 10, 11]);
  ring.write(USED, T + 3 * KEPT_S, [7]);
  expect(ring.read(USED, T + 2 * KEPT_S, KEPT_S + 1).filter((value) => value !== null)).toEqual([7]);
});

test("the newest reading has only what was read in its second", () => {
  const ring = new Ring();
  ring.write(USED, T, [1, 2]);
  ring.write("power_w", T, [300]);
  expect(ring.newest()).toEqual({ utilisation_percent: 2 });
});
