import type { ShotView } from "@/api";
import type { Bible } from "./bible";
import { writeCast } from "./cast-text";
import type { Column } from "./columns";
import { finder } from "@/lib/find";
import { readTags, sameTag, writeTagText } from "./marks";

export interface Suggestion {
  /** What the cell's text becomes when it is taken. */
  text: string;
  name: string;
  note: string;
}

const MOST = 60;

/** What may stand in a cell, found by what is typed there. `typed` is undefined before the first key. */
export function suggestionsFor(
  column: Column,
  typed: string | undefined,
  bible: Bible,
  shot: ShotView,
): Suggestion[] {
  if (column.kind === "cast") return castSuggestions(typed ?? column.text(shot, bible, undefined), bible);
  if (column.kind === "tags")
    return tagSuggestions(typed ?? column.text(shot, bible, undefined), bible.tags());
  const finds = finder(typed ?? "");
  return (column.choices?.(bible) ?? [])
    .filter(({ value, label }) => finds(`${value} ${label}`))
    .slice(0, MOST)
    .map(({ value, label }) => ({ text: value, name: value, note: label === value ? "" : label }));
}

/** Characters, alone and with each of their looks, for the last name of the list. */
function castSuggestions(text: string, { characters }: Bible): Suggestion[] {
  const cut = Math.max(text.lastIndexOf(","), text.lastIndexOf(";"), text.lastIndexOf("\n")) + 1;
  const before = text.slice(0, cut);
  const last = text.slice(cut).trim();
  const whole = characters.some(({ name, looks }) =>
    [
      writeCast([{ name, look: "" }]),
      ...looks.map((look) => writeCast([{ name, look: look.name }])),
    ].includes(last),
  );
  const finds = finder(whole ? "" : last);
  const start = whole ? `${text.trim()}, ` : before && `${before.trim()} `;
  return characters
    .flatMap(({ name, looks }) => [
      { named: writeCast([{ name, look: "" }]), name, note: "" },
      ...looks.map((look) => ({ named: writeCast([{ name, look: look.name }]), name, note: look.name })),
    ])
    .filter(({ name, note }) => finds(`${name} ${note}`))
    .slice(0, MOST)
    .map(({ named, name, note }) => ({ text: start + named, name, note }));
}

/** Tags that the shot does not have yet, for what is typed behind the last comma. */
function tagSuggestions(text: string, tags: readonly string[]): Suggestion[] {
  const pieces = readTags(text);
  const last = /[,，、;；\n]\s*$/.test(text) ? undefined : pieces.at(-1);
  const whole = last === undefined || tags.some((tag) => sameTag(tag) === sameTag(last));
  const kept = whole ? pieces : pieces.slice(0, -1);
  const finds = finder(whole ? "" : last);
  return tags
    .filter((tag) => finds(tag) && !kept.some((one) => sameTag(one) === sameTag(tag)))
    .slice(0, MOST)
    .map((name) => ({ text: writeTagText([...kept, name]), name, note: "" }));
}
