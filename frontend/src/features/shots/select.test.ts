import { expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import { groupShots } from "./select";

const rows = [
  shot({ id: "A", code: "SHT-00001", sequence: "SQ010" }),
  shot({ id: "B", code: "SHT-00002", sequence: "SQ010", status: "approved" }),
  shot({ id: "C", code: "SHT-00003", sequence: "", frame_count: 24 }),
];

const ids = (shots: readonly { id: string }[]) => shots.map(({ id }) => id).join("");

test("shots stand under their sequence with its length; those in none come last", () => {
  const groups = groupShots(rows, []);
  expect(groups.map((group) => [group.code, ids(group.shots), group.frames])).toEqual([
    ["SQ010", "AB", 96],
    ["", "C", 24],
  ]);
});
