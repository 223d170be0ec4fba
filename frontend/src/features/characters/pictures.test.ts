import { expect, test } from "vitest";
import { between, CENTRE, inPixels, LEAST, pulled, WHOLE } from "./crop";
import { droppedAt, moved, sorted, withPictures } from "./sheet";

const SHEET = ["a", "b", "c"];
const LAST = { x: 1 - LEAST, y: 1 - LEAST, width: expect.closeTo(LEAST), height: expect.closeTo(LEAST) };

test("a picture moves within the sheet and stops at its ends", () => {
  expect(moved(SHEET, "c", -1)).toEqual(["a", "c", "b"]);
  expect(moved(SHEET, "a", -1)).toEqual(SHEET);
  expect(moved(SHEET, "b", 9)).toEqual(["a", "c", "b"]);
  expect(moved(SHEET, "gone", 1)).toEqual(SHEET);
});

test("a picture is dropped before or after another", () => {
  expect(droppedAt(SHEET, "c", "a", "before")).toEqual(["c", "a", "b"]);
  expect(droppedAt(SHEET, "a", "b", "after")).toEqual(["b", "a", "c"]);
  expect(droppedAt(SHEET, "a", "a", "after")).toEqual(SHEET);
  expect(droppedAt(SHEET, "gone", "a", "before")).toEqual(SHEET);
});

test("new pictures come last, a cut-out behind its source, and none twice", () => {
  expect(withPictures(SHEET, ["d", "a"])).toEqual(["a", "b", "c", "d"]);
  expect(withPictures(SHEET, ["d"], "a")).toEqual(["a", "d", "b", "c"]);
  expect(withPictures(SHEET, ["d"], "gone")).toEqual(["a", "b", "c", "d"]);
});

test("dropped files go where they belong", () => {
  const [face, lora, note] = [
    new File([], "미나.png", { type: "image/png" }),
    new File([], "Mina.SafeTensors"),
    new File([], "a.txt", { type: "text/plain" }),
  ];
  expect(sorted([face, lora, note])).toEqual({ pictures: [face], loras: [lora], others: [note] });
});

test("a rectangle stays on the picture, however far it is pulled", () => {
  expect(pulled(CENTRE, "move", 9, -9)).toEqual({ ...CENTRE, x: 1 - CENTRE.width, y: 0 });
  expect(pulled(WHOLE, "se", -0.5, -0.25)).toEqual({ x: 0, y: 0, width: 0.5, height: 0.75 });
  expect(pulled(WHOLE, "nw", 5, 5)).toEqual(LAST);
  expect(pulled(CENTRE, "e", 9, 9)).toEqual({ ...CENTRE, width: expect.closeTo(1 - CENTRE.x) });
});

test("a rectangle may be drawn from any corner", () => {
  const drawn = between({ x: 0.8, y: 0.6 }, { x: 0.2, y: -3 });
  expect(drawn).toEqual({ x: 0.2, y: 0, width: expect.closeTo(0.6), height: 0.6 });
  expect(between({ x: 1, y: 1 }, { x: 1, y: 1 })).toEqual(LAST);
});

test("it covers whole pixels, at least one", () => {
  expect(inPixels({ x: 0.25, y: 0.5, width: 0.5, height: 0.5 }, 640, 481)).toEqual({
    x: 160,
    y: 241,
    width: 320,
    height: 240,
  });
  expect(inPixels({ x: 1, y: 1, width: 0, height: 0 }, 3, 3)).toEqual({ x: 2, y: 2, width: 1, height: 1 });
});
