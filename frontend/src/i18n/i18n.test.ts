import { expect, test } from "vitest";
import adsEn from "./ads/en.json";
import adsKo from "./ads/ko.json";
import en from "./en";
import farmEn from "./farm/en.json";
import farmKo from "./farm/ko.json";
import ownEn from "./own/en.json";
import ko from "./ko";
import ownKo from "./own/ko.json";

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, path = ""): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : flatten(value, `${path}${key}.`),
  );
}

const korean = new Map(flatten({ ...ko, own: ownKo, farm: farmKo, ads: adsKo }));
const english = new Map(flatten({ ...en, own: ownEn, farm: farmEn, ads: adsEn }));

test("both languages have the same keys", () => {
  expect([...korean.keys()].sort()).toEqual([...english.keys()].sort());
});

test("no text is empty", () => {
  expect([...korean, ...english].filter(([, text]) => text.trim() === "")).toEqual([]);
});

test("both languages put in the same values", () => {
  const values = (text = "") => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  const different = [...korean].filter(
    ([key, text]) => values(text).join() !== values(english.get(key)).join(),
  );
  expect(different.map(([key]) => key)).toEqual([]);
});

test("English texts are English", () => {
  expect([...english].filter(([, text]) => /[가-힣]/.test(text)).map(([key]) => key)).toEqual([]);
});
