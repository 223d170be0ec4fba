import { expect, test } from "vitest";
import { everyHour, hourOf, painted, scheduleOf, weekOf } from "./week";

test("nights go over midnight", () => {
  const week = weekOf({
    time_zone: "Asia/Seoul",
    windows: [{ days: ["sun"], start: "22:00", end: "06:00" }],
  });
  const open = (day: number, hours: number[]) => hours.map((hour) => hourOf(week, day, hour).open);
  expect(open(6, [21, 22, 23])).toEqual([false, true, true]);
  expect(open(0, [0, 5, 6])).toEqual([true, true, false]);
});

test("what is drawn is what is kept, in few windows", () => {
  const week = everyHour((day, hour) => day > 4 || hour < 8 || hour >= 20);
  const schedule = scheduleOf(week, "Asia/Seoul");
  expect(schedule?.windows).toHaveLength(3);
  expect(weekOf(schedule)).toEqual(week);
});

test("minutes that a program set are shown, and stay where nobody paints", () => {
  const windows = [{ days: ["mon" as const], start: "18:30", end: "20:15" }];
  const week = weekOf({ time_zone: "UTC", windows });
  expect(hourOf(week, 0, 18)).toEqual({ open: "mixed", parts: [[0.5, 1]] });
  expect(hourOf(week, 0, 19).open).toBe(true);
  expect(hourOf(week, 0, 20)).toEqual({ open: "mixed", parts: [[0, 0.25]] });
  expect(scheduleOf(week, "UTC")?.windows).toEqual(windows);
  expect(scheduleOf(painted(week, 0, 20, true), "UTC")?.windows[0]?.end).toBe("21:00");
  expect(scheduleOf(painted(week, 0, 18, false), "UTC")?.windows[0]).toEqual({
    days: ["mon"],
    start: "19:00",
    end: "20:15",
  });
});

test("always open is no schedule", () => {
  expect(
    scheduleOf(
      everyHour(() => true),
      "UTC",
    ),
  ).toBeNull();
  expect(weekOf(null)).toEqual(everyHour(() => true));
});
