/** Stars and tags as text, as master/models/shot.py and master/exchange/cells.py have them. */
import type { ShotRows } from "@/features/shots/rows";

export const MOST_STARS = 5;
export const MOST_TAGS = 20;
/** Characters of one tag. */
export const MOST_TAG = 40;

/** “3”, “3/5” or “★★★☆☆”; an empty text has none. Undefined when it is no rating. */
export function readStars(text: string): number | undefined {
  const plain = text.normalize("NFKC").replaceAll("\ufe0f", "").trim();
  const [all, number, stars = ""] = /^(?:(\d{1,3})(?:\.0+)?(?:\s*\/\s*5)?|([★⭐]*)☆*)$/u.exec(plain) ?? [];
  if (all === undefined) return undefined;
  const rating = number === undefined ? [...stars].length : Number(number);
  return rating <= MOST_STARS ? rating : undefined;
}

export const starText = (rating: number): string => "★".repeat(rating) + "☆".repeat(MOST_STARS - rating);

export const sameTag = (tag: string): string => tag.normalize("NFC").toLocaleLowerCase();

/** Tags between commas, semicolons and line breaks: trimmed, each once whatever its case. */
export function readTags(text: string): string[] {
  const kept = new Map<string, string>();
  for (const piece of text.split(/[,，、;；\n]/)) {
    const tag = piece.normalize("NFC").trim().replace(/\s+/g, " ");
    if (tag && !kept.has(sameTag(tag))) kept.set(sameTag(tag), tag);
  }
  return [...kept.values()];
}

export const writeTagText = (tags: readonly string[]): string => tags.join(", ");

const known = new WeakMap<ShotRows, { version: number; tags: readonly string[] }>();

/** Every tag of the project's shots, the most used first. Counted anew only when a row changed. */
export function tagsOf(rows: ShotRows): readonly string[] {
  const last = known.get(rows);
  if (last?.version === rows.version) return last.tags;
  const counts = new Map<string, { tag: string; count: number }>();
  for (const id of rows.ids)
    for (const tag of rows.get(id)?.tags ?? []) {
      const counted = counts.get(sameTag(tag));
      if (counted) counted.count += 1;
      else counts.set(sameTag(tag), { tag, count: 1 });
    }
  const tags = [...counts.values()]
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
    .map(({ tag }) => tag);
  known.set(rows, { version: rows.version, tags });
  return tags;
}
