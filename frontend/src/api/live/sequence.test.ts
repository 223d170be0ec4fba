import { expect, test } from "vitest";
import { message } from "./fixtures";
import { step } from "./sequence";

test("hello starts the count and has everything read again", () => {
  expect(step(null, message(41, { kind: "hello" }))).toEqual({ seq: 41, reread: true, skip: true });
});

test("the next message is taken as it is", () => {
  expect(step(41, message(42))).toEqual({ seq: 42, reread: false, skip: false });
});

test("a gap has everything read again, once", () => {
  expect(step(41, message(44))).toEqual({ seq: 44, reread: true, skip: false });
  expect(step(44, message(45)).reread).toBe(false);
});

test("a message that was counted before is left out", () => {
  expect(step(44, message(43))).toEqual({ seq: 44, reread: false, skip: true });
});
