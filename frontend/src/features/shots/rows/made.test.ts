import { beforeEach, expect, test, vi } from "vitest";
import type { EditResult, ShotView } from "@/api";
import { ApiError } from "@/api/errors";
import { shot } from "@/api/live/fixtures";
import { EditDesk } from "./edit-desk";
import type { Gesture } from "./gesture";
import { ShotRows } from "./shot-rows";
import { UnsentShelf } from "./unsent";

/** Rows that are seen before the master has made them. */
let rows: ShotRows;
let desk: EditDesk;
const edit = vi.fn<(gesture: Gesture, key: string, tab: string) => Promise<EditResult>>();
const heard = { refused: vi.fn(), skipped: vi.fn(), done: vi.fn(), caughtUp: vi.fn() };
const refusal = (status: number) =>
  new ApiError(status, { code: "", message: "no", field: null, problems: [], current: null, request_id: "" });
const answer = (...told: ShotView[]): EditResult => ({
  rows: told,
  deleted: [],
  skipped: [],
  steps: { undo: null, redo: null },
});
const deskOf = (page: string) =>
  new EditDesk(rows, { edit, undo: vi.fn(), redo: vi.fn() }, "tab", new UnsentShelf("P", localStorage, page));

beforeEach(() => {
  vi.resetAllMocks();
  localStorage.clear();
  rows = new ShotRows({ rate: { num: 24, den: 1 }, drop: false, start: 0 });
  rows.told([shot({ id: "A", position: 1 }), shot({ id: "B", position: 2 })]);
  desk = deskOf("now");
  desk.tell(heard);
});

/** The master answers when `go` is called. */
function later(result: EditResult): () => void {
  let go: () => void = () => undefined;
  edit.mockReturnValueOnce(new Promise((done) => (go = () => done(result))));
  return () => go();
}
const insert = (position?: number): Gesture => ({
  name: "insert",
  changes: [],
  create: [{ send: position === undefined ? {} : { position } }],
});
const second = () => rows.ids[1] ?? "";

test("a new row stands in its place at once, with its times, and is the master's when it answers", async () => {
  const answers = later(answer(shot({ id: "N", code: "SHT-9", position: 1.5 })));
  desk.edit(insert(1.5));
  expect(rows.ids).toHaveLength(3);
  expect(rows.get(second())).toMatchObject({ code: "", frame_count: 48, duration_seconds: 2 });
  expect(rows.placeOf("B")?.start).toBe(96);
  answers();
  await vi.waitFor(() => expect(rows.ids).toEqual(["A", "N", "B"]));
});

test("without a place of its own it stands at the end", () => {
  later(answer());
  desk.edit(insert());
  expect(rows.ids.slice(0, 2)).toEqual(["A", "B"]);
  expect(rows.get(rows.ids[2] ?? "")?.position).toBe(3);
});

test("a new row that is refused is taken back, and so is what was typed into it meanwhile", async () => {
  edit.mockRejectedValueOnce(refusal(409));
  desk.edit(insert(1.5));
  const id = second();
  desk.edit({ name: "type", changes: [{ id, send: { action: "x" }, show: { action: "x" } }] });
  expect(rows.get(id)?.action).toBe("x");
  await vi.waitFor(() => expect(desk.read().waiting).toBe(0));
  expect(rows.ids).toEqual(["A", "B"]);
  expect(heard.refused).toHaveBeenCalledOnce();
  expect(edit).toHaveBeenCalledOnce();
  expect(localStorage.length).toBe(0);
});

test("what is typed into a new row before the answer is sent under the id it got, and never leaves the eye", async () => {
  const answers = later(answer(shot({ id: "N", position: 1.5 })));
  const typed = later(answer(shot({ id: "N", position: 1.5, rev: 2, action: "x" })));
  desk.edit(insert(1.5));
  desk.edit({ name: "type", changes: [{ id: second(), send: { action: "x" }, show: { action: "x" } }] });
  answers();
  await vi.waitFor(() => expect(edit).toHaveBeenCalledTimes(2));
  expect(edit.mock.calls[1]?.[0].changes.map(({ id }) => id)).toEqual(["N"]);
  expect(rows.get("N")?.action).toBe("x");
  typed();
  await vi.waitFor(() => expect(desk.read().waiting).toBe(0));
  expect(rows.saidOf("N")?.action).toBe("x");
});

test("a new row of a closed page, and what was typed into it, come with the next page", async () => {
  edit.mockRejectedValue(refusal(0));
  const gone = deskOf("gone");
  gone.edit(insert(1.5));
  gone.edit({ name: "type", changes: [{ id: second(), send: { action: "x" }, show: { action: "x" } }] });
  await vi.waitFor(() => expect(gone.read().offline).toBe(true));
  edit.mockReset();
  edit.mockResolvedValue(answer(shot({ id: "N", position: 1.5 })));
  await desk.catchUp();
  await vi.waitFor(() => expect(heard.caughtUp).toHaveBeenCalledOnce());
  expect(edit.mock.calls.map(([{ changes }]) => changes.map(({ id }) => id))).toEqual([[], ["N"]]);
});

test("a list that was drawn before the answer still finds and writes the row", async () => {
  const answers = later(answer(shot({ id: "N", position: 1.5 })));
  desk.edit(insert(1.5));
  const drawn = second();
  answers();
  await vi.waitFor(() => expect(rows.ids).toContain("N"));
  expect(rows.get(drawn)?.id).toBe("N");
  edit.mockResolvedValueOnce(answer());
  desk.edit({ name: "type", changes: [{ id: drawn, send: { action: "x" }, show: { action: "x" } }] });
  await vi.waitFor(() => expect(edit).toHaveBeenCalledTimes(2));
  expect(edit.mock.calls[1]?.[0].changes.map(({ id }) => id)).toEqual(["N"]);
});
