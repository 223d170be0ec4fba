import { expect, test } from "vitest";
import type { CharacterView, CinematicView, LookView, SequenceView } from "@/api";
import { shot } from "@/api/live/fixtures";
import { ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import { editOfBlock, editOfClear, textsOf } from "./block-edit";
import { readCast, writeCast } from "./cast-text";
import { columnOf, type ColumnKey } from "./columns";
import { continued, filledDown } from "./fill";
import { finder } from "@/lib/find";
import { type Line, linesOf } from "./lines";
import { dropPlace, editOfMove, stepPlace } from "./moving";
import { PLAIN, readView } from "./view";

const clock = { rate: { num: 24, den: 1 }, drop: false, start: 0 };
const look = (id: string, name: string) => ({ id, name, character_id: "C1" }) as LookView;
const bible: Bible = {
  characters: [
    { id: "C1", name: "미나", default_look_id: "L1", looks: [look("L1", "교복"), look("L2", "빨간 우비")] },
    { id: "C2", name: "Juno", default_look_id: null, looks: [] as LookView[] },
  ] as CharacterView[],
  options: [{ id: "O1", name: "Night rain" }] as CinematicView[],
  sequences: [
    { id: "S1", code: "SQ010", name: "Opening", position: 1 },
    { id: "S2", code: "SQ020", name: "Chase", position: 2 },
  ] as SequenceView[],
  workflowTypes: ["storyboard", "wan"],
  tags: () => ["night", "VFX"],
  statusLabel: (status) => (status === "approved" ? "승인" : status),
  clock,
};

function table(keys: ColumnKey[]) {
  const rows = new ShotRows(clock);
  rows.setSequences(bible.sequences);
  rows.told([
    shot({ id: "A", code: "SHT-1", sequence: "SQ010", sequence_id: "S1", position: 1, action: "run" }),
    shot({ id: "B", code: "SHT-2", sequence: "SQ010", sequence_id: "S1", position: 2, frame_count: 24 }),
    shot({ id: "C", code: "SHT-3", sequence: "SQ020", sequence_id: "S2", position: 1, action: "rest" }),
  ]);
  const lines = linesOf(rows, bible, { ...PLAIN, q: "", folded: new Set() });
  return { rows, lines, columns: keys.map(columnOf), bible };
}

const area = (x: number, y: number, width = 1, height = 1) => ({ x, y, width, height });
const said = (lines: readonly Line[]) =>
  lines.map((line) => (line.is === "shot" ? line.id : `[${line.value}]`)).join("");

test.each([
  [
    "미나(빨간 우비), Juno",
    [
      ["미나", "빨간 우비"],
      ["Juno", ""],
    ],
  ],
  [
    "미나（교복）、Juno",
    [
      ["미나", "교복"],
      ["Juno", ""],
    ],
  ],
  [
    '"Kim, J."(a, b); C',
    [
      ["Kim, J.", "a, b"],
      ["C", ""],
    ],
  ],
  ["", []],
])("the cast %o is %o", (text, cast) => {
  expect(readCast(text).map(({ name, look: worn }) => [name, worn])).toEqual(cast);
  expect(readCast(writeCast(readCast(text)))).toEqual(readCast(text));
});

test.each([
  ["action", " goes ", { action: "goes" }],
  ["frame_count", "1,000", { frame_count: 1000 }],
  ["frame_count", "48프레임", { frame_count: 48 }],
  ["duration", "2.5초", { frame_count: 60 }],
  ["sequence", "chase", { sequence_id: "S2" }],
  ["sequence", "", { sequence_id: null }],
  ["cinematic_option", "night RAIN", { cinematic_option_id: "O1" }],
  ["workflow_type", "WAN", { workflow_type: "wan" }],
  ["characters", "juno", { characters: [{ character_id: "C2", look_id: null }] }],
  ["prompt_override", "", { prompt_override: null }],
] as const)("in %s, %o sends %o", (key, text, send) => {
  expect(columnOf(key).write?.(text, bible, undefined)).toMatchObject({ is: "change", send });
});

test.each([
  ["frame_count", "many", "noFrames"],
  ["frame_count", "0", "frames"],
  ["frame_count", "", "noFrames"],
  ["duration", "long", "noSeconds"],
  ["action", "x".repeat(4001), "tooLong"],
  ["code", "a b/c", "code"],
] as const)("in %s, %o is refused: %s", (key, text, problem) => {
  expect(columnOf(key).write?.(text, bible, undefined)).toMatchObject({ is: "problem", key: problem });
});

test("names that the project does not have are told with the cells that hold them", () => {
  const edit = editOfBlock([["없음"], ["없음"], ["미나(망토)"]], area(0, 1), table(["characters"]), true);
  expect(edit.unknown).toEqual([
    { kind: "character", name: "없음", of: undefined, cells: 2 },
    { kind: "look", name: "망토", of: "C1", cells: 1 },
  ]);
});

test("lines stand in their groups, which a search and folding leave out", () => {
  const { rows, lines } = table(["action"]);
  expect(said(lines)).toBe("[SQ010]AB[SQ020]C");
  const seen = { ...PLAIN, q: "", folded: new Set(["SQ010"]) };
  expect(said(linesOf(rows, bible, seen))).toBe("[SQ010][SQ020]C");
  expect(said(linesOf(rows, bible, { ...PLAIN, q: "rest", folded: new Set<string>() }))).toBe("[SQ020]C");
  const byLength = { ...seen, group: null, sorts: [{ key: "frame_count" as const, down: false }] };
  expect(said(linesOf(rows, bible, byLength))).toBe("BAC");
  const long = {
    ...seen,
    group: null,
    filters: [{ key: "frame_count" as const, op: "more" as const, value: "30" }],
  };
  expect(said(linesOf(rows, bible, long))).toBe("AC");
});

test("a block passes over the heads of groups, fills the selection when it fits, and grows below the last line", () => {
  const one = editOfBlock([["x"]], area(0, 1, 1, 4), table(["action"]), true);
  expect(one.changes.map(({ id }) => id)).toEqual(["A", "B", "C"]);
  const three = editOfBlock([["1"], ["2"], ["3"]], area(0, 4), table(["notes"]), true);
  expect(three.changes.map(({ id, send }) => [id, send])).toEqual([["C", { notes: "1" }]]);
  expect(three.create.map(({ send }) => send)).toEqual([
    { notes: "2", sequence_id: "S2", position: 2 },
    { notes: "3", sequence_id: "S2", position: 3 },
  ]);
  expect(editOfBlock([["1"], ["2"]], area(0, 4), table(["notes"]), false).create).toEqual([]);
});

test("cells that a merged one covers stay what they are, and a merged block fills the selection as often as it fits", () => {
  const merged = editOfBlock(
    [
      ["x", "1"],
      [null, "2"],
    ],
    area(0, 1),
    table(["action", "notes"]),
    false,
  );
  expect(merged.changes.map(({ id, send }) => [id, send])).toEqual([
    ["A", { action: "x", notes: "1" }],
    ["B", { notes: "2" }],
  ]);
  const twice = editOfBlock([["x"], [null]], area(0, 1, 2, 2), table(["action", "notes"]), false);
  expect(twice.changes.map(({ id, send }) => [id, send])).toEqual([["A", { action: "x", notes: "x" }]]);
});

test("cells that follow from others are left as they are", () => {
  const edit = editOfBlock([["a", "b"]], area(0, 1), table(["timecode_in", "action"]), true);
  expect([edit.locked, edit.cells]).toEqual([1, 1]);
});

test("clearing empties texts and leaves numbers and codes", () => {
  const edit = editOfClear(area(0, 1, 3, 1), table(["code", "action", "frame_count"]));
  expect(edit.changes.map(({ send }) => send)).toEqual([{ action: "" }]);
});

test("what is copied is what is pasted", () => {
  const from = table(["action", "characters", "frame_count"]);
  expect(textsOf(area(0, 1, 3, 2), from)).toEqual([
    ["run", "", "48"],
    ["", "", "24"],
  ]);
});

test.each([
  [["a"], 3, false, ["a", "a", "a"]],
  [["1", "3"], 2, true, ["5", "7"]],
  [["1", "3"], 2, false, ["1", "3"]],
  [["1", "2", "4"], 3, true, ["1", "2", "4"]],
  [["0.5", "1"], 2, true, ["1.5", "2"]],
])("%o goes on by %i (numbers: %s) with %o", (texts, count, numbers, more) => {
  expect(continued(texts, count, numbers)).toEqual(more);
  expect(
    filledDown(
      texts.map((text) => [text]),
      count,
      [numbers],
    ),
  ).toEqual(more.map((text) => [text]));
});

test("a moved shot takes the sequence and a place between its new neighbours", () => {
  const { rows, lines } = table(["code"]);
  expect(dropPlace(4, 2, ["C"], lines)).toBe(2);
  expect(editOfMove(["C"], 2, lines, rows)).toMatchObject([
    { id: "C", send: { sequence_id: "S1", position: 1.5 } },
  ]);
  expect(stepPlace(-1, ["A"], lines)).toBeUndefined();
  expect(editOfMove(["B"], stepPlace(1, ["B"], lines) ?? -1, lines, rows)).toMatchObject([
    { id: "B", send: { sequence_id: "S2", position: 0 } },
  ]);
  expect(editOfMove(["B"], stepPlace(-1, ["B"], lines) ?? -1, lines, rows)[0]?.send["position"]).toBeLessThan(
    1,
  );
});

test("where there is no room left the sequence is counted anew", () => {
  const { rows, lines } = table(["code"]);
  rows.told([shot({ id: "B", sequence: "SQ010", sequence_id: "S1", position: 1 + 1e-12, rev: 2 })]);
  const edits = editOfMove(["C"], 2, lines, rows);
  expect(edits.map(({ id, send }) => [id, send["position"]])).toEqual([
    ["A", 1],
    ["C", 2],
    ["B", 3],
  ]);
});

test.each([
  ["ㅁㄴ", "미나와 우산", true],
  ["ㅁㄴ", "민아", false],
  ["빗속 우산", "우산을 쓰고 빗속을", true],
  ["RAIN", "night rain", true],
])("%o finds %o: %s", (query, text, found) => {
  expect(finder(query)(text)).toBe(found);
});

test("a view that anybody may have written is read as far as it is understood", () => {
  expect(readView("nonsense")).toEqual(PLAIN);
  const view = readView({
    columns: [{ key: "action", width: 9999, hidden: true }, { key: "action" }, { key: "gone" }, 5],
    filters: [
      { key: "status", op: "is", value: "pending" },
      { key: "status", op: "burns" },
    ],
    sorts: [{ key: "duration", down: true }],
    group: null,
    height: "enormous",
    pinned: 1,
  });
  expect(view.columns[0]).toEqual({ key: "action", width: 240, hidden: true });
  expect(view.columns).toHaveLength(PLAIN.columns.length);
  expect([view.filters.length, view.sorts, view.group, view.height, view.pinned]).toEqual([
    1,
    [{ key: "duration", down: true }],
    null,
    "middle",
    1,
  ]);
});
