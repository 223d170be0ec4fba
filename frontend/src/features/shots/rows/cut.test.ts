import { expect, test } from "vitest";
import type { ProjectView, SequenceView } from "@/api";
import { clockOf, inCutOrder, positionsBetween, timecodeAt } from "./cut";

const sequence = (id: string, position: number) => ({ id, position }) as SequenceView;
const project = (start_timecode: string, fps_num = 24, fps_den = 1) =>
  ({ start_timecode, fps_num, fps_den }) as ProjectView;

test("shots stand by sequence, position and id; those in none, or in one that is gone, come last", () => {
  const shots = [
    { id: "A", sequence_id: null, position: 0 },
    { id: "B", sequence_id: "S2", position: 1 },
    { id: "D", sequence_id: "S1", position: 2 },
    { id: "C", sequence_id: "S1", position: 2 },
    { id: "E", sequence_id: "gone", position: 9 },
    { id: "F", sequence_id: "S1", position: -1 },
  ];
  const order = inCutOrder([sequence("S2", 5), sequence("S1", 1)]);
  expect(shots.sort(order).map(({ id }) => id)).toEqual(["F", "C", "D", "B", "A", "E"]);
});

test.each([
  [1, 2, 1, [1.5]],
  [1, 2, 3, [1.25, 1.5, 1.75]],
  [4, null, 2, [5, 6]],
  [null, 1, 2, [-1, 0]],
  [null, null, 2, [1, 2]],
  [1, 1, 1, undefined],
  [1, 1 + 1e-10, 1, undefined],
])("between %s and %s there are %i places: %o", (before, after, count, places) => {
  expect(positionsBetween(before, after, count)).toEqual(places);
});

test.each(["00:00:00:00", "01:00:00:00", "10:59:59:23"])("a start at %s is shown as such", (start) => {
  const clock = clockOf(project(start));
  expect(timecodeAt(clock.start, clock)).toBe(start);
});

test.each(["01:00:00;02", "00:10:00;00", "12:34:56;17"])(
  "a drop-frame start at %s is shown as such",
  (start) => {
    const clock = clockOf(project(start, 30000, 1001));
    expect(clock.drop).toBe(true);
    expect(timecodeAt(clock.start, clock)).toBe(start);
  },
);
