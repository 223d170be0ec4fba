import { beforeEach, expect, test, vi } from "vitest";
import type { EditResult } from "@/api";
import { ApiError } from "@/api/errors";
import { shot } from "@/api/live/fixtures";
import { EditDesk } from "./edit-desk";
import type { Gesture } from "./gesture";
import { ShotRows } from "./shot-rows";
import { OLDEST_MS, UnsentShelf } from "./unsent";

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
const edit = vi.fn<(gesture: Gesture, key: string, tab: string) => Promise<EditResult>>();
const undo = vi.fn<(key: string) => Promise<EditResult>>();
const heard = { refused: vi.fn(), skipped: vi.fn(), done: vi.fn(), caughtUp: vi.fn() };
const deskOf = (page: string) =>
  new EditDesk(rows, { edit, undo, redo: undo }, `tab-${page}`, new UnsentShelf("P", localStorage, page));

beforeEach(() => {
  vi.resetAllMocks();
  rows = new ShotRows({ rate: { num: 24, den: 1 }, drop: false, start: 0 });
  rows.told([shot({ id: "A", action: "before" })]);
  localStorage.clear();
  desk = deskOf("now");
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

/** A page that was closed while it could not send. */
async function closed(...gestures: Gesture[]): Promise<string[]> {
  edit.mockRejectedValue(error(0));
  const gone = deskOf("gone");
  for (const gesture of gestures) gone.edit(gesture);
  await vi.waitFor(() => expect(gone.read().offline).toBe(true));
  const key = edit.mock.calls[0]?.[1];
  edit.mockReset();
  return key === undefined ? [] : [key];
}

test("what a closed page could not send is sent by the next one, in its order, under its keys and its tab", async () => {
  const [key] = await closed(typed("one"), typed("two"));
  edit.mockResolvedValue(answer());
  await desk.catchUp();
  expect(rows.get("A")?.action).toBe("two");
  await vi.waitFor(() => expect(heard.caughtUp).toHaveBeenCalledOnce());
  expect(edit.mock.calls.map(([{ changes }]) => changes[0]?.send["action"])).toEqual(["one", "two"]);
  expect(edit.mock.calls[0]?.slice(1)).toEqual([key, "tab-gone"]);
  expect(heard.caughtUp).toHaveBeenCalledWith(expect.objectContaining({ sent: 2, refused: 0 }));
  expect(localStorage.length).toBe(0);
});

test("what of it the master refuses is told with the rest, and never sent again", async () => {
  await closed(typed("bad"), typed("good"));
  edit.mockRejectedValueOnce(error(422)).mockResolvedValueOnce(answer());
  await desk.catchUp();
  await vi.waitFor(() => expect(heard.caughtUp).toHaveBeenCalledOnce());
  expect(heard.caughtUp).toHaveBeenCalledWith(expect.objectContaining({ sent: 1, refused: 1 }));
  expect(heard.refused).not.toHaveBeenCalled();
  expect(localStorage.length).toBe(0);
});

test("what is too old to be sent once is not sent", async () => {
  await closed(typed("old"));
  await desk.catchUp(Date.now() + OLDEST_MS + 1000);
  expect(heard.caughtUp).toHaveBeenCalledWith(expect.objectContaining({ sent: 0, refused: 1 }));
  expect(edit).not.toHaveBeenCalled();
  expect(localStorage.length).toBe(0);
});

test("what another page took over is not sent by the one that made it", async () => {
  edit.mockRejectedValueOnce(error(0)).mockResolvedValue(answer());
  desk.edit(typed("x"));
  await vi.waitFor(() => expect(desk.read().offline).toBe(true));
  expect(
    await new UnsentShelf("P", localStorage, "other").takeOver(() => Promise.resolve(new Set())),
  ).toHaveLength(1);
  desk.hurry();
  await vi.waitFor(() => expect(desk.read().waiting).toBe(0));
  expect(edit).toHaveBeenCalledOnce();
});

test("what a page that is still there will send is left to it", async () => {
  edit.mockRejectedValueOnce(error(0));
  desk.edit(typed("x"));
  await vi.waitFor(() => expect(desk.read().offline).toBe(true));
  const other = new UnsentShelf("P", localStorage, "other");
  expect(await other.takeOver((pages) => Promise.resolve(pages))).toEqual([]);
  expect(await new UnsentShelf("Q", localStorage, "other").takeOver()).toEqual([]);
});

test("what the browser's storage has no room for would be lost with the page, which is known", async () => {
  const full = {
    ...localStorage,
    length: 0,
    key: () => null,
    getItem: () => null,
    removeItem: () => undefined,
  };
  const setItem = () => {
    throw new Error("full");
  };
  const crowded = new EditDesk(
    rows,
    { edit, undo, redo: undo },
    "tab",
    new UnsentShelf("P", { ...full, setItem }, "now"),
  );
  edit.mockRejectedValueOnce(error(0)).mockResolvedValue(answer());
  crowded.tell(heard);
  crowded.edit(typed("x"));
  expect(crowded.wouldLose).toBe(true);
  await vi.waitFor(() => expect(crowded.read().offline).toBe(true));
  crowded.hurry();
  await vi.waitFor(() => expect(crowded.wouldLose).toBe(false));
});
