import { expect, test } from "vitest";
import { tellHistory } from "@/api/live/metrics";
import { lineOf, spreadOf, timesOf } from "./fold";

const T = 1_700_000_400;
const device = { id: "g", name: "GPU", memoryGb: 20 };

test("an hour is drawn in steps that do not wander", () => {
  const { seconds, step } = timesOf({ first: T + 1, count: 3600 });
  expect(step).toBe(6);
  expect(seconds[0]).toBe(Math.floor((T + 1) / 6) * 6);
  expect(timesOf({ first: T, count: 300 })).toMatchObject({ step: 1 });
});

test("a step is the mean of its seconds, and a silence is a gap", () => {
  tellHistory({
    first: T,
    until: T + 12,
    hosts: [],
    devices: [
      {
        id: "g",
        worker_id: "w",
        utilisation_percent: [10, 20, null, null, null, null, 60, 60, 60, 60, null, null],
        memory_used_gb: [5, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 10],
        temperature_c: [],
        power_w: [],
      },
    ],
  });
  const times = { seconds: [T, T + 2, T + 4, T + 6, T + 8, T + 10], step: 2 };
  expect(lineOf(device, "utilisation_percent", times)).toEqual([15, null, null, 60, 60, null]);
  expect(lineOf(device, "memory", times)).toEqual([25, 25, 25, 50, 50, 50]);
  expect(lineOf(device, "power_w", times)).toEqual([null, null, null, null, null, null]);
});

test("of many devices the mean and how far they lie apart", () => {
  expect(
    spreadOf([
      [10, null, null],
      [30, 5, null],
    ]),
  ).toEqual([
    [20, 5, null],
    [10, 5, null],
    [30, 5, null],
  ]);
});
