import type { AdRequest, AdStyles, AdView } from "@/api";

/** A photo that was chosen, or that the ad has already. */
export interface Photo {
  name: string;
  /** To look at it. */
  url: string;
  /** The whole file as a data URL; without it the master has the photo. */
  data?: string;
}

export const POSITIONS = ["auto", "top", "middle", "bottom"] as const;
export type Position = (typeof POSITIONS)[number];

/** What a shop owner says of an ad. Styles are ids of the list, or his own words. */
export interface AdForm {
  photo: Photo | undefined;
  words: string;
  under: string;
  backgrounds: readonly string[];
  /** Extruded letters, in a material; else designed ones. */
  solid: boolean;
  letterings: readonly string[];
  position: Position;
  /** Like #ffcc00; empty: the style's own. */
  colour: string;
  /** Names of the list, or WxH in pixels. */
  sizes: readonly string[];
  variants: number;
}

export const MOST_VARIANTS = 4;
export const MOST_UNDER = 60; // characters: more is no line below a headline

export const BLANK: AdForm = {
  photo: undefined,
  words: "",
  under: "",
  backgrounds: ["market_stall"],
  solid: false,
  letterings: ["gold_balloon"],
  position: "auto",
  colour: "",
  sizes: ["1:1"],
  variants: 1,
};

/** As the master counts them. */
export const lengthOf = (text: string): number => [...text.trim()].length;

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const textOf = (value: unknown): string => (isText(value) ? value : "");
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** Its id, where the words name a style of the list. */
function styleOf(words: string, styles: AdStyles["backgrounds"]): string {
  const found = styles.find((style) => [style.id, style.ko, style.en].includes(words));
  return found?.id ?? words;
}

function sizeOf(width: number, height: number, sizes: AdStyles["sizes"]): string {
  const found = sizes.find((size) => size.width === width && size.height === height);
  return found?.name ?? `${width}x${height}`;
}

const each = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

export const SOLID = "ads/v1_3d_text";
const DESIGNED = "ads/v2_html_text";

/** What letters may look like. */
export const letteringsOf = (solid: boolean, styles: AdStyles): AdStyles["text_styles"] =>
  solid ? styles.text_styles_3d : styles.text_styles;

/** What an ad was asked with, as the form shows it. */
export function formOf(ad: AdView, styles: AdStyles): AdForm {
  const { parameters, branches } = ad;
  const { backgrounds, sizes } = styles;
  const solid = ad.workflow === SOLID;
  const asked = (list: unknown, one: unknown, from: AdStyles["backgrounds"]) => {
    const words = textsOf(list).length > 0 ? textsOf(list) : [textOf(one)].filter(isText);
    return each(words.map((word) => styleOf(word, from)));
  };
  const photo = textOf(parameters["product_image"]);
  const position = POSITIONS.find((one) => one === parameters["text_position"]);
  return {
    photo: photo ? { name: ad.name, url: `/api/media/${photo}` } : undefined,
    words: textOf(parameters["ad_text"]),
    under: textOf(parameters["sub_text"]),
    backgrounds: asked(parameters["backgrounds"], parameters["background_style"], backgrounds),
    solid,
    letterings: asked(parameters["text_styles"], parameters["text_style"], letteringsOf(solid, styles)),
    position: position ?? "auto",
    colour: textOf(parameters["text_color"]),
    sizes: each(branches.map(({ width, height }) => sizeOf(width, height, sizes))),
    variants: Math.max(1, ...branches.map(({ variant }) => variant)),
  };
}

/** Chosen styles, at most one a variant. */
const fitting = (styles: readonly string[], variants: number): string[] => [...styles.slice(0, variants)];

const FIELDS: { [Key in keyof AdForm]: (form: AdForm) => Partial<AdRequest> } = {
  photo: ({ photo }) => (photo?.data ? { product_image: photo.data } : {}),
  words: ({ words }) => ({ ad_text: words.trim() }),
  under: ({ under, solid }) => (solid ? {} : { sub_text: under.trim() }),
  backgrounds: ({ backgrounds, variants }) => ({
    background_style: backgrounds[0] ?? null,
    backgrounds: fitting(backgrounds, variants),
  }),
  solid: ({ solid }) => ({ workflow: solid ? SOLID : DESIGNED }),
  letterings: ({ letterings, variants }) => ({
    text_style: letterings[0] ?? null,
    text_styles: fitting(letterings, variants),
  }),
  position: ({ position }) => ({ text_position: position }),
  colour: ({ colour, solid }) => (solid ? {} : { text_color: colour }),
  sizes: ({ sizes }) => ({ sizes: [...sizes] }),
  variants: ({ variants }) => ({ variants }),
};
const NAMES = Object.keys(FIELDS) as (keyof AdForm)[];

const asking = (form: AdForm, names: readonly (keyof AdForm)[]): AdRequest =>
  Object.assign({}, ...names.map((name) => FIELDS[name](form))) as AdRequest;

/** For a new ad. */
export const requestOf = (form: AdForm): AdRequest => asking(form, NAMES);

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What differs between two forms. */
export const changedIn = (before: AdForm, now: AdForm): (keyof AdForm)[] =>
  NAMES.filter((name) =>
    name === "words" || name === "under"
      ? before[name].trim() !== now[name].trim()
      : !same(before[name], now[name]),
  );

/** For an ad that is changed: only what is other than before. */
export function changesOf(before: AdForm, now: AdForm): AdRequest {
  const changed = changedIn(before, now);
  const styled = changed.includes("variants") ? (["backgrounds", "letterings"] as const) : []; // so many of each
  const designed = changed.includes("solid") ? (["under", "colour"] as const) : []; // which extruded letters have not
  return asking(now, each([...changed, ...styled, ...designed]));
}

const OF_TEXT: readonly (keyof AdForm)[] = ["words", "under", "solid", "letterings", "position", "colour"];

/** The first thing that is made again after such changes. */
export function againOf(changed: readonly (keyof AdForm)[]): "all" | "background" | "text" | undefined {
  if (changed.length === 0) return undefined;
  if (changed.includes("photo")) return "all";
  return changed.every((name) => OF_TEXT.includes(name)) ? "text" : "background";
}

export type Lack = "photo" | "words" | "long" | "under" | "backgrounds" | "letterings" | "sizes";

/** The first thing that is missing or too much; undefined when an ad can be made. An ad upon a finished background
 * has no photo. */
export function lackOf(form: AdForm, textLimit: number, photoNeeded = true): Lack | undefined {
  if (photoNeeded && form.photo === undefined) return "photo";
  if (form.words.trim() === "") return "words";
  if (lengthOf(form.words) > textLimit) return "long";
  if (!form.solid && lengthOf(form.under) > MOST_UNDER) return "under";
  return (["backgrounds", "letterings", "sizes"] as const).find((name) =>
    form[name].every((value) => value.trim() === ""),
  );
}

/** A choice among styles: alone when there is one variant, else the last so many that were chosen. */
export function chosen(now: readonly string[], style: string, variants: number): readonly string[] {
  if (variants === 1) return [style];
  if (!now.includes(style)) return [...now, style].slice(-variants);
  return now.length > 1 ? now.filter((one) => one !== style) : now;
}
