import { beforeEach, expect, test, vi } from "vitest";
import type { EditResult } from "@/api";
import { ApiError } from "@/api/errors";
import { shot } from "@/api/live/fixtures";
import { EditDesk, type Gesture } from "./edit-desk";
import { ShotRows } from "./shot-rows";

const error = (status: number) =>
  new ApiError(status, { code: "", message: "no", field: null, problems: [], current: null, request_id: "" });
const answer = (changed: Partial<EditResult> = {}): EditResult => ({
  rows: [],
  deleted: [],
  skipped: [],
  steps: { undo: null, redo: null },
  ...changed,
});
const typed = (action: string): Gesture => ({
  name: "type",
  changes: [{ id: "A", send: { action }, show: { action } }],
});

let rows: ShotRows;
let desk: EditDesk;
const edit = vi.fn<(gesture: Gesture, key: string) => Promise<EditResult>>();
const undo = vi.fn<(key: string) => Promise<EditResult>>();
const heard = { refused: vi.fn(), skipped: vi.fn(), done: vi.fn() };

beforeEach(() => {
  vi.resetAllMocks();
  rows = new ShotRows({ rate: { num: 24, den: 1 }, drop: false, start: 0 });
  rows.told([shot({ id: "A", action: "before" })]);
  desk = new EditDesk(rows, { edit, undo, redo: undo });
  desk.tell(heard);
});

test("gestures go one after the other, in the order they were made", async () => {
  const sent: unknown[] = [];
  let first: (result: EditResult) => void = () => undefined;
  edit.mockImplementation((gesture) => {
    sent.push(gesture.changes[0]?.send["action"]);
    return sent.length === 1 ? new Promise((done) => (first = done)) : Promise.resolve(answer());
  });
  desk.edit(typed("one"));
  desk.edit(typed("two"));
  expect(sent).toEqual(["one"]);
  expect(rows.get("A")?.action).toBe("two");
  first(answer());
  await vi.waitFor(() => expect(desk.read().waiting).toBe(0));
  expect(sent).toEqual(["one", "two"]);
});

test("what the master refuses is taken back and said", async () => {
  edit.mockRejectedValue(error(422));
  desk.edit(typed("bad"));
  expect(rows.get("A")?.action).toBe("bad");
  await vi.waitFor(() => expect(heard.refused).toHaveBeenCalledOnce());
  expect(rows.get("A")?.action).toBe("before");
  expect(desk.read()).toMatchObject({ waiting: 0, offline: false });
});

test("without a connection it waits, and is sent again under the same key", async () => {
  edit
    .mockRejectedValueOnce(error(0))
    .mockResolvedValueOnce(answer({ rows: [shot({ id: "A", rev: 2, action: "x" })] }));
  desk.edit(typed("x"));
  await vi.waitFor(() => expect(desk.read()).toMatchObject({ waiting: 1, offline: true }));
  expect(rows.get("A")?.action).toBe("x");
  desk.hurry();
  await vi.waitFor(() => expect(desk.read()).toMatchObject({ waiting: 0, offline: false }));
  const keys = edit.mock.calls.map(([, key]) => key);
  expect(keys[0]).toBe(keys[1]);
  expect(rows.saidOf("A")?.action).toBe("x");
});

test("an undo waits behind what was typed before it, and cells that were passed over are told", async () => {
  const skipped = [{ shot_id: "A", code: "SHT-00001", field: "action", message: "changed", by: "Joon" }];
  edit.mockResolvedValue(answer());
  undo.mockResolvedValue(answer({ skipped }));
  desk.edit(typed("x"));
  desk.step("undo");
  await vi.waitFor(() => expect(heard.skipped).toHaveBeenCalledOnce());
  expect(edit.mock.invocationCallOrder[0]).toBeLessThan(undo.mock.invocationCallOrder[0] ?? 0);
});

test("a removed row is gone at once, and back when that is refused", async () => {
  edit.mockRejectedValue(error(409));
  desk.edit({ name: "delete", changes: [], remove: ["A"] });
  expect(rows.ids).toEqual([]);
  await vi.waitFor(() => expect(rows.ids).toEqual(["A"]));
});
