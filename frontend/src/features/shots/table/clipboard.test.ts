import { expect, test } from "vitest";
import { readBlock, writeBlock } from "./clipboard";

const text = (said: string) => readBlock({ html: "", text: said });
const html = (said: string) => readBlock({ html: said, text: "other" });

test.each([
  ["one", [["one"]]],
  [
    "a\tb\r\nc\td\r\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["001\t1", [["001", "1"]]],
  ['"two\nlines"\t"say ""hi"""', [["two\nlines", 'say "hi"']]],
  ['5" lens\tb', [['5" lens', "b"]]],
  [
    "a\tb\nc",
    [
      ["a", "b"],
      ["c", ""],
    ],
  ],
])("text %o is %o", (said, block) => {
  expect(text(said)).toEqual(block);
});

test("a table of Excel keeps its line breaks, leading zeros and empty cells", () => {
  const said = `<html><body><table><tr><td>001</td><td>two<br>lines</td></tr>
    <tr><td colspan=2>wide</td></tr><tr><td>&nbsp;</td><td>  b
    c </td></tr></table></body></html>`;
  expect(html(said)).toEqual([
    ["001", "two\nlines"],
    ["wide", null],
    ["", "b c"],
  ]);
});

test("a merged cell gives its text to its first cell; those it covers are left alone", () => {
  const said = `<table><tr><td rowspan=2>a</td><td colspan=2 rowspan=2>b</td><td>c</td></tr>
    <tr><td>d</td></tr><tr><td>e</td><td rowspan=9>f</td></tr></table>`;
  expect(html(said)).toEqual([
    ["a", "b", null, "c"],
    [null, null, null, "d"],
    ["e", "f", "", ""],
  ]);
});

test("HTML without a table is no block: the text counts", () => {
  expect(html("<p>hello</p>")).toEqual([["other"]]);
});

test.each([
  [[["a", "b"]]],
  [
    [
      ["two\nlines", 'say "hi"', "001"],
      ["", "<b>", "x\ty"],
    ],
  ],
])("%o is read back as it was written, as text and as a table", (block) => {
  const written = writeBlock(block);
  expect(readBlock({ ...written, html: "" })).toEqual(block);
  if (!block.flat().some((cell) => cell.includes("\t")))
    expect(readBlock({ ...written, text: "" })).toEqual(block);
});
