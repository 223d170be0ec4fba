import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { OptionSet, Preset, PresetKind } from "@/api";
import { PresetBook } from "@/lib/prompt/assemble";
import {
  changedFields,
  chosenIn,
  type Draft,
  EMPTY,
  filledFrom,
  freeName,
  KINDS,
  merged,
  pressed,
  rebased,
  said,
  search,
} from "./values";

const shipped = (name: string): unknown =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../../../../master/cinematic/${name}.json`, "utf8"));
const { presets } = shipped("presets") as { presets: Preset[] };
const { option_sets: sets } = shipped("option_sets") as { option_sets: OptionSet[] };
const book = new PresetBook(presets);

function preset(kind: PresetKind, key: string): Preset {
  const found = presets.find((one) => one.kind === kind && one.key === key);
  if (!found) throw new Error(`no preset ${key}`);
  return found;
}

const neon = preset("lighting_source", "neon");
const press = (value: string, beside = false) => pressed(value, neon, "네온", beside, book);

test("a preset takes the place of what stood there, and goes when it is pressed again", () => {
  expect(press("")).toBe("네온");
  expect(press("촛불")).toBe("네온");
  expect(press("Neon")).toBe("");
  expect(press("촛불, neon lights")).toBe("네온");
});

test("beside the others it joins them, free words too, and leaves them as they were", () => {
  expect(press("촛불", true)).toBe("촛불, 네온");
  expect(press("푸른 등대 불빛", true)).toBe("푸른 등대 불빛, 네온");
  expect(press("촛불, Neon", true)).toBe("촛불");
});

test("presets are known by label, alias and key in both languages", () => {
  expect(chosenIn("lighting_source", "candle, 네온사인", book)).toEqual(new Set(["candlelight", "neon"]));
  expect(said("lighting_source", "candle, 등대", book, "ko")).toBe("촛불, 등대");
  expect(said("lighting_source", "촛불, 등대", book, "en")).toBe("Candlelight, 등대");
});

test("a search knows Korean, English, initial consonants, aliases and prompts; names come first", () => {
  const keys = (query: string) => search(presets, query).map(({ key }) => key);
  expect(keys("ㄴㅇㄴㅇㄹ")[0]).toBe("neo_noir");
  expect(keys("ㅊㅂ")).toContain("candlelight");
  expect(keys("neon").slice(0, 2).sort()).toEqual(["neon", "neon_saturated"]);
  expect(keys("쇼츠")).toEqual(["9_16"]);
  expect(keys("halation")).toEqual(["cinestill_800t"]);
  expect(keys("코닥 500T")).toEqual(["kodak_vision3_500t"]);
});

test("every set fills all fields in either language, under a free name", () => {
  for (const set of sets) {
    const korean = filledFrom(set, book, "ko", new Set([set.label_ko]));
    expect(korean.name).toBe(`${set.label_ko} 2`);
    for (const kind of KINDS) {
      expect(chosenIn(kind, korean[kind], book).size, `${set.key} ${kind}`).toBe(1);
      expect(filledFrom(set, book, "en", new Set())[kind]).toBe(set.option[kind]);
    }
  }
  expect(freeName("밤", new Set(["밤", "밤 2"]))).toBe("밤 3");
});

const option = (changes: Partial<Draft>): Draft => ({ ...EMPTY, name: "밤", ...changes });

test("what others change elsewhere comes in beneath my changes", () => {
  const base = option({ filter: "ND" });
  const edit = { base, draft: option({ filter: "ND", lens_type: "Macro" }) };
  const { draft, mine, torn } = merged(edit, option({ filter: "Star filter" }));
  expect(draft).toEqual(option({ filter: "Star filter", lens_type: "Macro" }));
  expect(mine).toEqual({ lens_type: "Macro" });
  expect(torn).toEqual([]);
});

test("a field that both changed is torn, unless both want the same", () => {
  const edit = { base: option({}), draft: option({ lens_type: "Macro", filter: "ND" }) };
  expect(merged(edit, option({ lens_type: "Vintage", filter: "ND" }))).toEqual({
    draft: option({ lens_type: "Macro", filter: "ND" }),
    mine: { lens_type: "Macro" },
    torn: ["lens_type"],
  });
  const on = rebased(edit, option({ lens_type: "Vintage", filter: "ND", style: "Horror" }));
  expect(on.base).toEqual(option({ filter: "ND", style: "Horror" }));
  expect(on.draft).toEqual(option({ lens_type: "Macro", filter: "ND", style: "Horror" }));
  expect(changedFields(edit.base, edit.draft)).toEqual(["lens_type", "filter"]);
});
