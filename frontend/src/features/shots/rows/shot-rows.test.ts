import { beforeEach, expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import { type Change, ShotRows } from "./shot-rows";

let rows: ShotRows;
let changes: Change[];

beforeEach(() => {
  rows = new ShotRows({ rate: { num: 24, den: 1 }, drop: false, start: 0 });
  changes = [];
  rows.told([shot({ id: "A", position: 1 }), shot({ id: "B", position: 2, frame_count: 24 })]);
  rows.subscribe((change) => changes.push(change));
});

test("what is typed is seen at once and what others write in the same row arrives under it", () => {
  const layer = rows.type(new Map([["A", { action: "mine" }]]));
  rows.told([shot({ id: "A", position: 1, rev: 2, action: "theirs", notes: "new" })]);
  expect(rows.get("A")).toMatchObject({ action: "mine", notes: "new" });
  expect(rows.saidOf("A")?.action).toBe("theirs");
  rows.answered(layer);
  expect(rows.get("A")?.action).toBe("theirs");
});

test("of two gestures the later one is seen, whichever is answered first", () => {
  const first = rows.type(new Map([["A", { action: "one" }]]));
  rows.type(new Map([["A", { action: "two" }]]));
  rows.answered(first);
  expect(rows.get("A")?.action).toBe("two");
});

test("an answer that was overtaken changes nothing", () => {
  rows.told([shot({ id: "A", position: 1, rev: 5, action: "newest" })]);
  rows.told([shot({ id: "A", position: 1, rev: 4, action: "old" })]);
  expect(rows.get("A")?.action).toBe("newest");
});

test("a row told while the list is read is not overwritten by what was read, and what is gone goes", () => {
  rows.beginReading();
  rows.told([shot({ id: "A", position: 1, action: "told" }), shot({ id: "C", position: 3 })]);
  rows.read([shot({ id: "A", position: 1, action: "read" })]);
  rows.endReading(new Set(["A"]));
  expect(rows.get("A")?.action).toBe("told");
  expect(rows.ids).toEqual(["A", "C"]);
});

test("a hidden row comes back when its removal is refused", () => {
  const layer = rows.type(new Map(), new Set(["A"]));
  expect(rows.ids).toEqual(["B"]);
  rows.answered(layer);
  expect(rows.ids).toEqual(["A", "B"]);
});

test("times follow the cut: a longer shot moves those behind it", () => {
  expect(rows.placeOf("B")).toEqual({ number: 2, start: 48, end: 72 });
  rows.type(new Map([["A", { frame_count: 100 }]]));
  expect(rows.placeOf("B")).toEqual({ number: 2, start: 100, end: 124 });
});

test("a change of a text tells its row alone; one of the order tells that the cut changed", () => {
  rows.told([shot({ id: "A", position: 1, rev: 2, action: "x" })]);
  rows.told([shot({ id: "A", position: 7, rev: 3, action: "x" })]);
  expect(changes.map(({ ids, cut }) => [[...ids], cut])).toEqual([
    [["A"], false],
    [["A"], true],
  ]);
  expect(rows.ids).toEqual(["B", "A"]);
});
