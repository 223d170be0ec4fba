import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { clashes, write, type Writer } from "./keep";

interface Row {
  rev: number;
  sheet: string[];
}

/** A row of the master's that others have changed since it was read here. */
function row(known: Row, theirs: Row): { writer: Writer<Row, { sheet: string[] }>; kept: () => Row } {
  let here = known;
  let there = theirs;
  const writer: Writer<Row, { sheet: string[] }> = {
    latest: () => here,
    put: (row) => (here = row),
    send: ({ rev, sheet }) => {
      if (rev !== there.rev) {
        const body = { code: "stale_write", message: "", field: null, problems: [], request_id: "" };
        return Promise.reject(new ApiError(412, { ...body, current: { ...there } }));
      }
      there = { rev: rev + 1, sheet };
      return Promise.resolve(there);
    },
  };
  return { writer, kept: () => there };
}

test("a picture is added to the sheet as others have left it", async () => {
  const { writer, kept } = row({ rev: 1, sheet: ["a"] }, { rev: 2, sheet: ["b", "a"] });
  await write(writer, ({ sheet }) => ({ sheet: [...sheet, "c"] }));
  expect(kept().sheet).toEqual(["b", "a", "c"]);
  expect(writer.latest()).toEqual(kept());
});

test("what need no longer be written is not", async () => {
  const { writer, kept } = row({ rev: 1, sheet: ["a"] }, { rev: 2, sheet: [] });
  await write(writer, ({ sheet }) => (sheet.includes("a") ? { sheet: [] } : undefined));
  expect(kept()).toEqual({ rev: 2, sheet: [] });
});

test("another error is told", async () => {
  const { writer } = row({ rev: 1, sheet: [] }, { rev: 1, sheet: [] });
  const broken = { ...writer, send: () => Promise.reject(new Error("down")) };
  await expect(write(broken, () => ({ sheet: [] }))).rejects.toThrow("down");
});

test("texts clash when both changed, and differently", () => {
  expect(clashes("old", "mine", "old")).toBe(false);
  expect(clashes("old", "mine", "theirs")).toBe(true);
  expect(clashes("old", "same ", "same")).toBe(false);
});
