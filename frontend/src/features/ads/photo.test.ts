import { expect, test } from "vitest";
import { hintSize } from "./hint";
import { photoProblem, readPhoto } from "./photo";

const MB = 1024 * 1024;

test.each([
  ["image/jpeg", 10 * MB, undefined],
  ["image/jpeg", 10 * MB + 1, "size"],
  ["image/webp", 0, "empty"],
  ["image/heic", MB, "kind"],
  ["", MB, "kind"],
])("a file of %o with %d bytes: %s", (type, size, problem) => {
  expect(photoProblem({ type, size })).toBe(problem);
});

test("a photo is read whole", async () => {
  const photo = await readPhoto(new File([new Uint8Array([1, 2, 3])], "jar.png", { type: "image/png" }));
  expect(photo).toEqual({
    name: "jar.png",
    url: "data:image/png;base64,AQID",
    data: "data:image/png;base64,AQID",
  });
});

test("a hint is as wide to its height as the photo, and no larger than the cut-out looks", () => {
  expect(hintSize(800, 600)).toEqual([800, 600]);
  expect(hintSize(6000, 4000)).toEqual([1600, 1067]);
  expect(hintSize(1, 9000)).toEqual([1, 1600]);
});
