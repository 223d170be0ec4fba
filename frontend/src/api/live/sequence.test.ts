import { expect, test } from "vitest";
import { hello, message } from "./fixtures";
import { resumed, step } from "./sequence";

const at = (seq: number) => ({ epoch: "run", seq });

test("hello starts the count and has everything read again", () => {
  expect(step(null, message(41, hello()))).toEqual({ at: at(41), reread: true, skip: true });
});

test("a hello that goes on has nothing read again", () => {
  expect(step(at(41), message(41, hello({ reset: false })))).toEqual({
    at: at(41),
    reread: false,
    skip: true,
  });
});

test("another run of the master counts from its own start", () => {
  expect(step(at(41), message(3, hello({ epoch: "next" }))).at).toEqual({ epoch: "next", seq: 3 });
});

test("the next message is taken as it is", () => {
  expect(step(at(41), message(42))).toEqual({ at: at(42), reread: false, skip: false });
});

test("a message that stands for what has passed only counts", () => {
  expect(step(at(41), message(42, { kind: "passed" }))).toEqual({ at: at(42), reread: false, skip: true });
});

test("a gap has everything read again, once", () => {
  expect(step(at(41), message(44))).toEqual({ at: at(44), reread: true, skip: false });
  expect(step(at(44), message(45)).reread).toBe(false);
});

test("a message that was counted before is left out", () => {
  expect(step(at(44), message(43))).toEqual({ at: at(44), reread: false, skip: true });
});

test("whoever stood somewhere says so when he comes back", () => {
  expect(resumed("ws://farm/ws/live", null)).toBe("ws://farm/ws/live");
  expect(resumed("ws://farm/ws/live", at(44))).toBe("ws://farm/ws/live?after=run:44");
});
