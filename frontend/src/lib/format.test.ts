import { expect, test } from "vitest";
import { formatAgo, formatSeconds, formatTook } from "./format";

const NOON = Date.parse("2026-01-01T12:00:00Z");

test.each([
  ["2026-01-01T11:59:58Z", "2초 전"],
  ["2026-01-01T11:57:00Z", "3분 전"],
  ["2026-01-01T12:00:01Z", "지금"], // a clock that runs ahead is not the future
])("%s is %s", (iso, said) => {
  expect(formatAgo(iso, NOON, "ko")).toBe(said);
});

test("a duration is in seconds, from a minute on in minutes", () => {
  const from = "2026-01-01T12:00:00Z";
  expect(formatTook(from, "2026-01-01T12:00:05.230Z", "en")).toBe("5.2s");
  expect(formatTook(from, "2026-01-01T12:00:05.230Z", "ko")).toBe("5.2초");
  expect(formatTook(from, "2026-01-01T12:01:04Z", "en")).toBe("1:04");
});

test("seconds of a shot keep their quarters", () => {
  expect([2, 2.75, 3.5].map((seconds) => formatSeconds(seconds, "en"))).toEqual(["2.0", "2.75", "3.5"]);
});
