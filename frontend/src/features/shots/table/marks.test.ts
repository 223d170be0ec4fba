import { expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import { ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import { editOfBlock, editOfClear, textsOf } from "./block-edit";
import { readBlock, writeBlock } from "./clipboard";
import { columnOf, type ColumnKey } from "./columns";
import { linesOf } from "./lines";
import { readTags, tagsOf } from "./marks";
import { starAt } from "./stars";
import { suggestionsFor } from "./suggestions";
import { filterOf, operatorsOf, PLAIN, type TableView } from "./view";

const clock = { rate: { num: 24, den: 1 }, drop: false, start: 0 };

function room() {
  const rows = new ShotRows(clock);
  rows.told([
    shot({ id: "A", position: 1, rating: 5, tags: ["night", "VFX"] }),
    shot({ id: "B", position: 2, tags: ["night"] }),
    shot({ id: "C", position: 3, rating: 2 }),
  ]);
  const none: never[] = [];
  const tags = () => tagsOf(rows);
  const bible: Bible = {
    characters: none,
    options: none,
    sequences: none,
    workflowTypes: none,
    tags,
    statusLabel: (status) => status,
    clock,
  };
  return { rows, bible };
}

const seenWith = (changed: Partial<TableView> & { q?: string }) => {
  const { rows, bible } = room();
  const lines = linesOf(rows, bible, { ...PLAIN, group: null, q: "", folded: new Set(), ...changed });
  return lines.map((line) => (line.is === "shot" ? line.id : `[${line.label}]`)).join("");
};

const table = (keys: ColumnKey[]) => {
  const { rows, bible } = room();
  const lines = linesOf(rows, bible, { ...PLAIN, group: null, q: "", folded: new Set() });
  return { rows, bible, lines, columns: keys.map(columnOf) };
};

const write = (key: ColumnKey, text: string) => columnOf(key).write?.(text, room().bible, undefined);

test.each([
  ["3", 3],
  ["", 0],
  ["4/5", 4],
  ["3.0", 3],
  ["★★☆☆☆", 2],
  ["⭐️⭐️", 2],
])("the stars %o are %i", (text, rating) => {
  expect(write("rating", text)).toMatchObject({ is: "change", send: { rating } });
});

test.each(["6", "good", "2.5", "-1", "★★★★★★"])("%o are no stars, which is said", (text) => {
  expect(write("rating", text)).toMatchObject({ is: "problem", key: "rating" });
});

test("tags are divided at commas and lines, trimmed, and each kept once", () => {
  expect(write("tags", " night, 비；VFX，NIGHT\n밤  장면,")).toMatchObject({
    send: { tags: ["night", "비", "VFX", "밤 장면"] },
  });
  expect(write("tags", "x".repeat(41))).toMatchObject({ is: "problem", key: "tagTooLong" });
  const many = Array.from({ length: 21 }, (_, index) => `t${index}`).join(",");
  expect(write("tags", many)).toMatchObject({ is: "problem", key: "tooManyTags" });
});

test("rows are filtered by any or none of some tags, and by stars", () => {
  const filters = (op: "any" | "none" | "atLeast" | "empty", key: ColumnKey, value: string) => ({
    filters: [{ key, op, value }],
  });
  expect(seenWith(filters("any", "tags", "vfx, day"))).toBe("A");
  expect(seenWith(filters("none", "tags", "VFX"))).toBe("BC");
  expect(seenWith(filters("any", "tags", ""))).toBe("ABC");
  expect(seenWith(filters("empty", "tags", ""))).toBe("C");
  expect(seenWith(filters("atLeast", "rating", "2"))).toBe("AC");
});

test("a column is asked only what it can answer", () => {
  expect(filterOf("tags", "has")).toEqual({ key: "tags", op: "any", value: "" });
  expect(filterOf("rating", "is").op).toBe("is");
  expect(operatorsOf(columnOf("notes"))).not.toContain("more");
  expect(operatorsOf(columnOf("frame_count"))).toContain("more");
});

test("rows are sorted and grouped by stars, grouped by tags, and found by them", () => {
  expect(seenWith({ sorts: [{ key: "rating", down: true }] })).toBe("ACB");
  expect(seenWith({ group: "rating" })).toBe("[★★★★★]A[]B[★★☆☆☆]C");
  expect(seenWith({ group: "tags" })).toBe("[night, VFX]A[night]B[]C");
  expect(seenWith({ q: "vfx" })).toBe("A");
});

test("what is copied of stars and tags is what is pasted, and clearing empties both", () => {
  const whole = table(["rating", "tags"]);
  const area = { x: 0, y: 0, width: 2, height: 1 };
  const block = readBlock(writeBlock(textsOf(area, whole)));
  const edit = editOfBlock(block, { ...area, y: 2 }, whole, false);
  expect(edit.changes).toEqual([
    expect.objectContaining({ id: "C", send: { rating: 5, tags: ["night", "VFX"] } }),
  ]);
  expect(editOfClear(area, whole).changes[0]?.send).toEqual({ rating: 0, tags: [] });
});

test("known tags come first by use, without those that stand there already", () => {
  const { bible, rows } = room();
  const b = rows.get("B");
  if (!b) throw new Error("no row");
  expect(tagsOf(rows)).toEqual(["night", "VFX"]);
  const offered = (typed: string | undefined) =>
    suggestionsFor(columnOf("tags"), typed, bible, b).map(({ text }) => text);
  expect(offered(undefined)).toEqual(["night, VFX"]);
  expect(offered("day, v")).toEqual(["day, VFX"]);
  expect(offered("VFX, night")).toEqual([]);
  expect(readTags(offered("day,")[1] ?? "")).toEqual(["day", "VFX"]);
});

test.each([
  [4, undefined],
  [12, 1],
  [30, 2],
  [108, 5],
  [115, undefined],
])("%i pixels from the left stands star %s", (x, star) => {
  expect(starAt(x)).toBe(star);
});
