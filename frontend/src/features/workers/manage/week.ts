import type { Schedule } from "@/api";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const HOURS = 24;
const DAY = HOURS * 60;

/** Minutes in which a worker may begin jobs: a row a day from Monday on, whether each minute of it is open. */
export type Week = readonly (readonly boolean[])[];

export const everyHour = (open: (day: number, hour: number) => boolean): Week =>
  DAYS.map((_, day) => Array.from({ length: DAY }, (_, minute) => open(day, Math.floor(minute / 60))));

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

export function weekOf(schedule: Schedule | null): Week {
  if (schedule === null) return everyHour(() => true);
  const week = DAYS.map(() => Array<boolean>(DAY).fill(false));
  for (const { days, start = "00:00", end = "24:00" } of schedule.windows) {
    const [from, to] = [minutes(start), minutes(end)];
    for (const name of days) {
      const day = DAYS.indexOf(name);
      if (from < to) week[day]?.fill(true, from, to);
      else {
        week[day]?.fill(true, from);
        week[(day + 1) % DAYS.length]?.fill(true, 0, to);
      }
    }
  }
  return week;
}

/** Where the row is open between two minutes: from each first open one to the next closed one. */
function openParts(row: readonly boolean[], from: number, to: number): [number, number][] {
  const parts: [number, number][] = [];
  for (let minute = from; minute < to; minute += 1) {
    if (!row[minute]) continue;
    let end = minute;
    while (end < to && row[end]) end += 1;
    parts.push([minute, end]);
    minute = end;
  }
  return parts;
}

/** How an hour stands, and which parts of it are open, as shares of it. */
export function hourOf(
  week: Week,
  day: number,
  hour: number,
): { open: boolean | "mixed"; parts: [number, number][] } {
  const parts = openParts(week[day] ?? [], hour * 60, hour * 60 + 60);
  const long = parts.reduce((sum, [from, to]) => sum + to - from, 0);
  return {
    open: long === 60 || (long > 0 && "mixed"),
    parts: parts.map(([from, to]) => [from / 60 - hour, to / 60 - hour]),
  };
}

export const painted = (week: Week, day: number, hour: number, open: boolean): Week =>
  week.map((row, at) => (at === day ? [...row].fill(open, hour * 60, hour * 60 + 60) : row));

const two = (part: number): string => String(part).padStart(2, "0");
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** As few windows as open parts of equal days make; null when it is always open. */
export function scheduleOf(week: Week, timeZone: string): Schedule | null {
  if (week.every((row) => row.every(Boolean))) return null;
  const windows = new Map<string, Schedule["windows"][number]>();
  week.forEach((row, day) => {
    for (const [from, to] of openParts(row, 0, DAY)) {
      const key = `${from} ${to}`;
      const window = windows.get(key) ?? { days: [], start: clock(from), end: clock(to) };
      const name = DAYS[day];
      if (name) window.days.push(name);
      windows.set(key, window);
    }
  });
  return { time_zone: timeZone, windows: [...windows.values()] };
}

export const isEmpty = (week: Week): boolean => !week.some((row) => row.some(Boolean));
