import type { Schedule } from "@/api";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const HOURS = 24;

/** Hours in which a worker may begin jobs: a row a day from Monday on. */
export type Week = boolean[][];

export const everyHour = (open: (day: number, hour: number) => boolean): Week =>
  DAYS.map((_, day) => Array.from({ length: HOURS }, (_, hour) => open(day, hour)));

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** An hour that is open for a part of it counts as open. */
export function weekOf(schedule: Schedule | null): Week {
  if (schedule === null) return everyHour(() => true);
  const week = everyHour(() => false);
  const open = (day: number, from: number, to: number) => {
    for (let hour = Math.floor(from / 60); hour < Math.ceil(to / 60); hour += 1) {
      const row = week[day % DAYS.length];
      if (row) row[hour] = true;
    }
  };
  for (const { days, start = "00:00", end = "24:00" } of schedule.windows) {
    const [from, to] = [minutes(start), minutes(end)];
    for (const name of days) {
      const day = DAYS.indexOf(name);
      if (from < to) open(day, from, to);
      else {
        open(day, from, HOURS * 60);
        open(day + 1, 0, to);
      }
    }
  }
  return week;
}

const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/** As few windows as hours of equal days make; null when it is always open. */
export function scheduleOf(week: Week, timeZone: string): Schedule | null {
  if (week.every((row) => row.every(Boolean))) return null;
  const windows = new Map<string, Schedule["windows"][number]>();
  week.forEach((row, day) => {
    for (let hour = 0; hour < HOURS; hour += 1) {
      if (!row[hour] || (hour > 0 && row[hour - 1])) continue;
      let end = hour;
      while (end < HOURS && row[end]) end += 1;
      const key = `${hour} ${end}`;
      const window = windows.get(key) ?? { days: [], start: clock(hour), end: clock(end) };
      const name = DAYS[day];
      if (name) window.days.push(name);
      windows.set(key, window);
    }
  });
  return { time_zone: timeZone, windows: [...windows.values()] };
}

export const isEmpty = (week: Week): boolean => !week.some((row) => row.some(Boolean));
