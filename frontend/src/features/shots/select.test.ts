import { expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import { filterShots, groupShots } from "./select";

const mina = { character_id: "C1", name: "미나", look_id: null, look_name: "빨간 우비" };
const rows = [
  shot({ id: "A", code: "SHT-00001", sequence: "SQ010", action: "Rain falls", characters: [mina] }),
  shot({ id: "B", code: "SHT-00002", sequence: "SQ010", status: "approved" }),
  shot({ id: "C", code: "SHT-00003", sequence: "", frame_count: 24 }),
];

const ids = (shots: readonly { id: string }[]) => shots.map(({ id }) => id).join("");

test.each([
  [{}, "ABC"],
  [{ q: "미나" }, "A"],
  [{ q: "rain 우비" }, "A"],
  [{ q: "0000" }, "ABC"],
  [{ status: "approved" as const }, "B"],
  [{ q: "미나", status: "approved" as const }, ""],
])("%o finds %s", (filter, found) => {
  expect(ids(filterShots(rows, filter))).toBe(found);
});

test("shots stand under their sequence with its length; those in none come last", () => {
  const groups = groupShots(rows, []);
  expect(groups.map((group) => [group.code, ids(group.shots), group.frames])).toEqual([
    ["SQ010", "AB", 96],
    ["", "C", 24],
  ]);
});
