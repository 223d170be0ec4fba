import { expect, test } from "vitest";
import type { AdStyles, AdView } from "@/api";
import {
  type AdForm,
  againOf,
  BLANK,
  changedIn,
  changesOf,
  chosen,
  formOf,
  lackOf,
  lengthOf,
  requestOf,
} from "./form";

const STYLES: AdStyles = {
  backgrounds: [
    { id: "market_stall", en: "Traditional market", ko: "전통시장" },
    { id: "marble", en: "Marble", ko: "대리석" },
  ],
  text_styles: [
    { id: "neon", en: "Neon", ko: "네온" },
    { id: "chalk", en: "Chalk", ko: "분필" },
  ],
  text_styles_3d: [
    { id: "gold", en: "Gold", ko: "황금" },
    { id: "stone", en: "Stone", ko: "돌" },
  ],
  sizes: [
    { name: "1:1", width: 1024, height: 1024 },
    { name: "9:16", width: 1080, height: 1920 },
  ],
  text_limit: 20,
};
const PHOTO = { name: "jar.jpg", url: "blob:jar", data: "data:image/jpeg;base64,AAAA" };
const FULL: AdForm = {
  ...BLANK,
  photo: PHOTO,
  words: " 건어물 대박 세일 ",
  backgrounds: ["market_stall"],
  letterings: ["neon"],
};

/** An ad as the master shows it, with two variants of one size. */
const made = (parameters: Record<string, unknown>): AdView =>
  ({
    name: "건어물 대박 세일",
    parameters,
    branches: [1, 2].map((variant) => ({ key: `1024x1024/${variant}`, width: 1024, height: 1024, variant })),
  }) as AdView;

test("a new ad is asked with all that the form says", () => {
  expect(requestOf(FULL)).toEqual({
    product_image: PHOTO.data,
    ad_text: "건어물 대박 세일",
    sub_text: "",
    background_style: "market_stall",
    backgrounds: ["market_stall"],
    workflow: "ads/v2_html_text",
    text_style: "neon",
    text_styles: ["neon"],
    text_position: "auto",
    text_color: "",
    sizes: ["1:1"],
    variants: 1,
  });
});

test("an ad is read back into the form, whatever name its styles were asked by", () => {
  const form = formOf(
    made({
      product_image: "01MEDIA",
      ad_text: "봄",
      background_style: "전통시장",
      backgrounds: ["전통시장", "달 표면"],
      text_style: "Chalk",
      text_position: "top",
      text_color: "#ffcc00",
    }),
    STYLES,
  );
  expect(form).toEqual({
    photo: { name: "건어물 대박 세일", url: "/api/media/01MEDIA" },
    words: "봄",
    under: "",
    backgrounds: ["market_stall", "달 표면"],
    solid: false,
    letterings: ["chalk"],
    position: "top",
    colour: "#ffcc00",
    sizes: ["1:1"],
    variants: 2,
  });
});

test("an ad that is read back and not touched has no changes", () => {
  const ad = made({
    product_image: "01MEDIA",
    ad_text: "봄",
    background_style: "marble",
    text_style: "neon",
  });
  expect(changesOf(formOf(ad, STYLES), formOf(ad, STYLES))).toEqual({});
});

test("only what was changed is asked for", () => {
  expect(changesOf(FULL, { ...FULL, words: "봄맞이", colour: "#ffffff" })).toEqual({
    ad_text: "봄맞이",
    text_color: "#ffffff",
  });
  expect(changesOf(FULL, { ...FULL, under: "오늘만" })).toEqual({ sub_text: "오늘만" });
  expect(changesOf({ ...FULL, under: "오늘만" }, FULL)).toEqual({ sub_text: "" });
});

test("extruded letters have neither a line below nor a colour, and designed ones get theirs back", () => {
  const flat = { ...FULL, under: "오늘만", colour: "#ffffff" };
  const solid = { ...flat, solid: true, letterings: ["gold"] };
  expect(changesOf(flat, solid)).toEqual({
    workflow: "ads/v1_3d_text",
    text_style: "gold",
    text_styles: ["gold"],
  });
  expect(changesOf(solid, flat)).toMatchObject({
    workflow: "ads/v2_html_text",
    text_style: "neon",
    sub_text: "오늘만",
    text_color: "#ffffff",
  });
  const ad = { ...made({ text_style: "황금" }), workflow: "ads/v1_3d_text" };
  expect(formOf(ad, STYLES)).toMatchObject({ solid: true, letterings: ["gold"] });
});

test("spaces about the words are no change", () => {
  expect(changedIn(FULL, { ...FULL, words: "건어물 대박 세일" })).toEqual([]);
});

test("fewer variants drop the styles that have none", () => {
  const two = { ...FULL, variants: 2, backgrounds: ["market_stall", "marble"] };
  expect(changesOf(two, { ...two, variants: 1 })).toMatchObject({
    variants: 1,
    backgrounds: ["market_stall"],
    text_styles: ["neon"],
  });
});

test.each<[(keyof AdForm)[], string | undefined]>([
  [[], undefined],
  [["words", "colour"], "text"],
  [["letterings", "position", "under"], "text"],
  [["solid", "letterings"], "text"],
  [["words", "backgrounds"], "background"],
  [["sizes"], "background"],
  [["variants"], "background"],
  [["words", "photo"], "all"],
])("after changes of %j %s is made again", (changed, first) => {
  expect(againOf(changed)).toBe(first);
});

test.each<[Partial<AdForm>, string | undefined]>([
  [{}, undefined],
  [{ photo: undefined }, "photo"],
  [{ words: "  " }, "words"],
  [{ words: "가".repeat(21) }, "long"],
  [{ words: "🎉".repeat(20) }, undefined], // signs are counted as the master counts them
  [{ under: "가".repeat(61) }, "under"],
  [{ backgrounds: [" "] }, "backgrounds"],
  [{ sizes: [] }, "sizes"],
])("a form with %j lacks %s", (changed, lack) => {
  expect(lackOf({ ...FULL, ...changed }, 20)).toBe(lack);
});

test("an ad upon a finished background needs no photo", () => {
  expect(lackOf({ ...FULL, photo: undefined }, 20, false)).toBeUndefined();
});

test("signs beyond the basic plane count once, spaces at the ends not at all", () => {
  expect(lengthOf("  🎉가 나 ")).toBe(4);
});

test("one variant has one style; of two the last two chosen stay, and one at least", () => {
  expect(chosen(["neon"], "chalk", 1)).toEqual(["chalk"]);
  expect(chosen(["neon"], "chalk", 2)).toEqual(["neon", "chalk"]);
  expect(chosen(["neon", "chalk"], "brush", 2)).toEqual(["chalk", "brush"]);
  expect(chosen(["neon", "chalk"], "neon", 2)).toEqual(["chalk"]);
  expect(chosen(["neon"], "neon", 2)).toEqual(["neon"]);
});
