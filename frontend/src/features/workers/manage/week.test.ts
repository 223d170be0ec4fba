import { expect, test } from "vitest";
import { everyHour, scheduleOf, weekOf } from "./week";

test("nights go over midnight", () => {
  const week = weekOf({
    time_zone: "Asia/Seoul",
    windows: [{ days: ["sun"], start: "22:00", end: "06:00" }],
  });
  expect(week[6]?.slice(21)).toEqual([false, true, true]);
  expect(week[0]?.slice(0, 7)).toEqual([true, true, true, true, true, true, false]);
});

test("what is drawn is what is kept, in few windows", () => {
  const week = everyHour((day, hour) => day > 4 || hour < 8 || hour >= 20);
  const schedule = scheduleOf(week, "Asia/Seoul");
  expect(schedule?.windows).toHaveLength(3);
  expect(weekOf(schedule)).toEqual(week);
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
