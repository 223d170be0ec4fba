/** The text of a field: one value, or several taken together, each the label of a preset or free words. */
import type { CinematicFields, CinematicView, OptionSet, Preset, PresetKind } from "@/api";
import type { Language } from "@/i18n";
import { finder } from "@/lib/find";
import type { PresetBook } from "@/lib/prompt/assemble";
import { words } from "@/lib/prompt/text";

/** The fields as one decides them: what is seen, through what, on what, in which light, and how it shall feel. */
const GROUPED: Record<PresetKind, Group> = {
  camera_body: "camera",
  focal_length: "camera",
  lens_type: "camera",
  filter: "camera",
  film_stock: "image",
  aspect_ratio: "image",
  look_and_feel: "image",
  style: "image",
  lighting_source: "light",
  lighting_style: "light",
  environment: "world",
  atmosphere: "world",
};

export const GROUPS = ["camera", "image", "light", "world"] as const;
export type Group = (typeof GROUPS)[number];

export const KINDS = Object.keys(GROUPED) as PresetKind[];
export const kindsOf = (group: Group): PresetKind[] => KINDS.filter((kind) => GROUPED[kind] === group);

export type Draft = Required<CinematicFields>;

export const EMPTY = { name: "", ...Object.fromEntries(KINDS.map((kind) => [kind, ""])) } as Draft;

export const fieldsOf = (option: CinematicView | CinematicFields): Draft =>
  Object.fromEntries(Object.keys(EMPTY).map((name) => [name, option[name as keyof Draft] ?? ""])) as Draft;

export const labelOf = (named: Pick<Preset, "label_ko" | "label_en">, language: Language): string =>
  language === "ko" ? named.label_ko : named.label_en;

const listed = (value: string): string[] =>
  words(value)
    .map((word) => word.trim())
    .filter(Boolean);

/** The presets that a text names. */
export function chosenIn(kind: PresetKind, value: string, book: PresetBook): ReadonlySet<string> {
  return new Set(listed(value).flatMap((word) => book.find(kind, word)?.key ?? []));
}

/**
 * The text after a preset was pressed: it alone, or nothing if it stood there alone. With `beside` it joins the
 * others, or leaves them.
 */
export function pressed(
  value: string,
  preset: Preset,
  label: string,
  beside: boolean,
  book: PresetBook,
): string {
  const named = listed(value);
  const others = named.filter((word) => book.find(preset.kind, word)?.key !== preset.key);
  const stood = others.length < named.length;
  if (beside) return (stood ? others : [...named, label]).join(", ");
  return stood && others.length === 0 ? "" : label;
}

/** A text with each preset said in a language; free words stay. */
export function said(kind: PresetKind, value: string, book: PresetBook, language: Language): string {
  return listed(value)
    .map((word) => {
      const preset = book.find(kind, word);
      return preset ? labelOf(preset, language) : word;
    })
    .join(", ");
}

/** An option filled from a set, in the words of a language, under a name that is free. */
export function filledFrom(
  set: OptionSet,
  book: PresetBook,
  language: Language,
  taken: ReadonlySet<string>,
): Draft {
  const fields = { ...EMPTY, name: freeName(labelOf(set, language), taken) };
  for (const kind of KINDS) fields[kind] = said(kind, set.option[kind] ?? "", book, language);
  return fields;
}

/** The name itself, else with the first number that makes it new. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}

/** Presets that a search finds in either language, by initial consonants, aliases and prompt; those named so come first. */
export function search(presets: readonly Preset[], query: string): Preset[] {
  const finds = finder(query);
  const named = (preset: Preset) => finds(`${preset.label_ko} ${preset.label_en}`);
  const meant = (preset: Preset) =>
    finds([preset.label_ko, preset.label_en, preset.prompt, ...(preset.aliases ?? [])].join(" "));
  return [...presets.filter(named), ...presets.filter((preset) => !named(preset) && meant(preset))];
}

/** What differs between two states of an option. */
export const changedFields = (from: Draft, to: Draft): (keyof Draft)[] =>
  (Object.keys(EMPTY) as (keyof Draft)[]).filter((name) => from[name] !== to[name]);

/** What one changes in an option, and from which state of it. */
export interface Edit {
  base: Draft;
  draft: Draft;
}

export interface Merged {
  /** The option as it is now, with my changes. */
  draft: Draft;
  mine: Partial<Draft>;
  /** Fields that somebody else has changed too, to something else. */
  torn: (keyof Draft)[];
}

/** My changes on top of what the option is now. */
export function merged({ base, draft }: Edit, now: Draft): Merged {
  const names = changedFields(base, draft).filter((name) => draft[name] !== now[name]);
  const mine = Object.fromEntries(names.map((name) => [name, draft[name]])) as Partial<Draft>;
  return { draft: { ...now, ...mine }, mine, torn: names.filter((name) => now[name] !== base[name]) };
}

/** An edit that goes on from what the option is now; only torn fields still know what they were changed from. */
export function rebased(edit: Edit, now: Draft): Edit {
  const { draft, torn } = merged(edit, now);
  return { base: { ...now, ...Object.fromEntries(torn.map((name) => [name, edit.base[name]])) }, draft };
}
