import { expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import type { Bible } from "./bible";
import { columnOf } from "./columns";

const LABELS: Record<string, string> = { approved: "승인", needs_revision: "수정 필요", completed: "완료" };
const bible = { statusLabel: (status: string) => LABELS[status] ?? status } as unknown as Bible;
const drawn = shot({ status: "completed", confirmed_take_id: "T1" });
const write = (text: string, row = drawn) => columnOf("status").write?.(text, bible, row);

test.each([
  ["승인", "approved"],
  [" APPROVED ", "approved"],
  ["수정 필요", "needs_revision"],
  ["needs revision", "needs_revision"],
])("%o is the status %s", (text, status) => {
  expect(write(text)).toMatchObject({ is: "change", send: { status } });
});

test("a status that is there already changes nothing, so that a copied column can be pasted", () => {
  expect(write("완료")).toMatchObject({ is: "change", send: {} });
  expect(write("pending", shot())).toMatchObject({ is: "change", send: {} });
});

test.each([
  ["generating", drawn, "farmStatus"],
  ["pending", drawn, "farmStatus"],
  ["splendid", drawn, "status"],
  ["승인", shot(), "noTake"],
])("%o cannot be said: %#", (text, row, key) => {
  expect(write(text, row)).toMatchObject({ is: "problem", key });
});
