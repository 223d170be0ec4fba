import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hello, message } from "./fixtures";
import { openLive, tellHere } from "./socket";

/** A socket without a network. */
class Line {
  static readonly all: Line[] = [];
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  readyState = 1;
  readonly sent: unknown[] = [];
  constructor(readonly url: string) {
    Line.all.push(this);
  }
  say(...parts: Parameters<typeof message>) {
    this.onmessage?.({ data: JSON.stringify(message(...parts)) });
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
}

const heard = { onBody: vi.fn(), onReread: vi.fn(), onConnection: vi.fn() };
let close: () => void;
const newest = () => Line.all.at(-1) as Line;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Object.assign(Line, { OPEN: 1, CONNECTING: 0 }));
  vi.clearAllMocks();
  Line.all.length = 0;
  close = openLive("ws://farm/ws/live", heard);
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a gap in the count has everything read again", () => {
  newest().say(7, hello());
  newest().say(8);
  expect(heard.onReread).toHaveBeenCalledTimes(1); // the hello
  newest().say(10);
  expect(heard.onReread).toHaveBeenCalledTimes(2);
  expect(heard.onBody).toHaveBeenCalledTimes(2);
});

test("a lost socket is opened again, with longer and longer waits", () => {
  newest().say(7, hello());
  newest().close();
  expect(heard.onConnection).toHaveBeenLastCalledWith("lost");
  vi.advanceTimersByTime(700);
  expect(Line.all).toHaveLength(2);
  newest().close();
  vi.advanceTimersByTime(700);
  expect(Line.all).toHaveLength(2); // the second wait is longer
  vi.advanceTimersByTime(700);
  expect(Line.all).toHaveLength(3);
  newest().say(3, hello({ epoch: "next" })); // the master began anew and counts from the start
  expect(heard.onConnection).toHaveBeenLastCalledWith("live");
  expect(heard.onReread).toHaveBeenCalledTimes(2);
});

test("after a break it asks for what it missed, and reads nothing again when it gets that", () => {
  newest().say(7, hello());
  newest().say(8);
  newest().close();
  vi.advanceTimersByTime(700);
  expect(newest().url).toBe("ws://farm/ws/live?after=run:8");
  newest().say(8, hello({ reset: false }));
  newest().say(9);
  newest().say(10, { kind: "passed" });
  expect(heard.onReread).toHaveBeenCalledTimes(1); // the first hello
  expect(heard.onBody).toHaveBeenCalledTimes(2);
  newest().close();
  vi.advanceTimersByTime(700);
  expect(newest().url).toBe("ws://farm/ws/live?after=run:10");
});

test("when the network is back it does not wait", () => {
  newest().close();
  globalThis.dispatchEvent(new Event("online"));
  expect(Line.all).toHaveLength(2);
});

test("once closed it stays closed", () => {
  close();
  vi.advanceTimersByTime(60_000);
  expect(Line.all).toHaveLength(1);
});

const at = (shot_id: string) => ({ project: "P", tab: "t1", name: "Mina", shot_id, field: "notes" });

test("where the page is is told once it is welcome, a few times a second, and the last place for sure", () => {
  tellHere(at("S1"));
  expect(newest().sent).toEqual([]);
  vi.advanceTimersByTime(1000);
  newest().say(7, hello());
  expect(newest().sent).toEqual([{ kind: "here", ...at("S1") }]);
  for (const id of ["S2", "S3", "S4"]) tellHere(at(id));
  expect(newest().sent).toHaveLength(2);
  vi.advanceTimersByTime(1000);
  expect(newest().sent).toHaveLength(3);
  expect(newest().sent.at(-1)).toMatchObject({ shot_id: "S4" });
});

test("it is told again after a break", () => {
  tellHere(at("S1"));
  newest().say(7, hello());
  newest().close();
  vi.advanceTimersByTime(700);
  newest().say(7, hello({ reset: false }));
  expect(newest().sent).toEqual([{ kind: "here", ...at("S1") }]);
});

test("who is where is told without a number of its own", () => {
  newest().say(7, hello());
  newest().say(7, { kind: "presence", project: "P", people: [] });
  newest().say(8);
  expect(heard.onReread).toHaveBeenCalledTimes(1); // the hello
  expect(heard.onBody).toHaveBeenCalledTimes(2);
});
