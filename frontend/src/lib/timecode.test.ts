import { expect, test } from "vitest";
import { formatRate, formatTimecode } from "./timecode";

const at = (num: number, den = 1) => ({ num, den });

// As cinefarm/timecode.py counts: what the master says must not change on the way to the eye.
test.each([
  [0, at(24), false, "00:00:00:00"],
  [86_400, at(24), false, "01:00:00:00"],
  [1_926, at(24), false, "00:01:20:06"],
  [1_000, at(24000, 1001), false, "00:00:41:16"],
  [1_799, at(30000, 1001), true, "00:00:59;29"],
  [1_800, at(30000, 1001), true, "00:01:00;02"],
  [17_982, at(30000, 1001), true, "00:10:00;00"],
  [3_600, at(60000, 1001), true, "00:01:00;04"],
  [24 * 3600 * 25, at(25), false, "00:00:00:00"],
])("%i frames at %o (drop: %s) are %s", (frames, rate, drop, said) => {
  expect(formatTimecode(frames, rate, drop)).toBe(said);
});

test("rates are called by their names", () => {
  expect([at(24), at(24000, 1001), at(30000, 1001), at(60000, 1001)].map(formatRate)).toEqual([
    "24",
    "23.976",
    "29.97",
    "59.94",
  ]);
});
