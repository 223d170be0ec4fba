import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Preset, PresetKind } from "@/api";
import { PresetBook } from "@/lib/prompt/assemble";
import { mix } from "./colour";
import { AIRS } from "./hints/air";
import { GATES } from "./hints/bodies";
import { FILMS } from "./hints/film";
import { FILTERS, GLASSES } from "./hints/glass";
import { GRADES, STYLE_LOOKS } from "./hints/grade";
import { SOURCES, STYLES } from "./hints/light";
import { PLACES } from "./hints/places";
import { inscribed, readFocalLength, readRatio, viewAngle } from "./optics";
import { pictureOf, ratioOf } from "./picture";

const PRESETS = `${import.meta.dirname}/../../../../master/cinematic/presets.json`;
const { presets } = JSON.parse(readFileSync(PRESETS, "utf8")) as { presets: Preset[] };
const book = new PresetBook(presets);
const of = (kind: PresetKind) => presets.filter((preset) => preset.kind === kind);

test.each([
  ["camera_body", GATES],
  ["lens_type", GLASSES],
  ["film_stock", FILMS],
  ["style", STYLE_LOOKS],
  ["look_and_feel", GRADES],
  ["lighting_source", SOURCES],
  ["lighting_style", STYLES],
  ["environment", PLACES],
  ["atmosphere", AIRS],
  ["filter", FILTERS],
] as const)("every preset of %s has its drawing, and no drawing is without a preset", (kind, hints) => {
  expect(Object.keys(hints).sort()).toEqual(
    of(kind)
      .map(({ key }) => key)
      .sort(),
  );
});

test("every focal length and ratio is read from either label", () => {
  for (const { key, label_en, label_ko } of of("focal_length"))
    expect([label_en, label_ko].map(readFocalLength)).toEqual([Number.parseInt(key), Number.parseInt(key)]);
  for (const { key, label_en, label_ko } of of("aspect_ratio"))
    expect(readRatio(label_ko), key).toBe(readRatio(label_en));
});

test("free words are read too, and what is no number is none", () => {
  expect([readFocalLength("27 mm"), readFocalLength("１００"), readFocalLength("넓은 렌즈")]).toEqual([
    27,
    100,
    undefined,
  ]);
  expect([readRatio("4x5"), readRatio("1.9"), readRatio("0:1"), readRatio("tall")]).toEqual([
    0.8,
    1.9,
    undefined,
    undefined,
  ]);
  expect(ratioOf("시네마스코프", book)).toBeCloseTo(2.39);
});

test("angles are those of a lens table: 35 mm sees 54.4° on a full frame, 39.1° on 35 mm film", () => {
  expect(viewAngle(35)).toBeCloseTo(54.4, 1);
  expect(viewAngle(35, 24.89)).toBeCloseTo(39.15, 1);
  expect(pictureOf({ camera_body: "Arricam", focal_length: "35mm" }, book).angle).toBeCloseTo(39.15, 1);
});

test("a frame is the largest of its ratio", () => {
  expect(inscribed(2, 160, 100)).toEqual({ x: 0, y: 10, width: 160, height: 80 });
  expect(inscribed(0.5, 160, 100)).toEqual({ x: 55, y: 0, width: 50, height: 100 });
});

test("the colour of the light is its source's, direction and edge its style's", () => {
  const { light } = pictureOf({ lighting_source: "촛불", lighting_style: "split lighting" }, book);
  expect(light).toMatchObject({ colour: SOURCES["candlelight"]?.colour, from: 180, hard: 0.95, fill: 0 });
});

test("of several values the first that is known is drawn; words nobody knows change nothing", () => {
  expect(pictureOf({ atmosphere: "묘한 기운, 비 내리는" }, book).air).toBe(AIRS["rainy"]);
  expect(pictureOf({ atmosphere: "묘한 기운" }, book)).toEqual(pictureOf({}, book));
});

test("a colour between two", () => {
  expect(mix("#000000", "#ff8040", 0.5)).toBe("#804020");
});
