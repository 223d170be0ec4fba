/** What a text means in a cell that holds more than the text itself. */
import type { ShotStatus, ShotView } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { lookNamed, byName, type Bible } from "./bible";
import { readCast, writeCast } from "./cast-text";
import { changed, type Edited, problem, unknown } from "./edited";
import { MOST_STARS, MOST_TAG, MOST_TAGS, readStars, readTags } from "./marks";

const MAX_FRAMES = 24 * 3600 * 240;

export const castText = ({ characters }: ShotView): string =>
  writeCast(characters.map(({ name, look_id, look_name }) => ({ name, look: look_id ? look_name : "" })));

export function writeCharacters(text: string, bible: Bible): Edited {
  const sent: { character_id: string; look_id: string | null }[] = [];
  const shown: ShotView["characters"] = [];
  for (const { name, look } of readCast(text)) {
    const character = byName(bible.characters, name);
    if (!character) return unknown("character", name);
    const worn = look ? lookNamed(character, look) : undefined;
    if (look && !worn) return unknown("look", look, character.id);
    if (sent.some(({ character_id }) => character_id === character.id)) continue;
    const usual = worn ?? character.looks.find(({ id }) => id === character.default_look_id);
    sent.push({ character_id: character.id, look_id: worn?.id ?? null });
    shown.push({
      character_id: character.id,
      name: character.name,
      look_id: worn?.id ?? null,
      look_name: usual?.name ?? "",
    });
  }
  return changed({ characters: sent }, { characters: shown });
}

export function writeFrames(text: string, bible: Bible): Edited {
  const frames = Number(text.replaceAll(",", "").replace(/(프레임|frames?|f)$/i, ""));
  return Number.isInteger(frames) && text.trim() ? ofFrames(frames, bible) : problem("noFrames", { text });
}

export function writeSeconds(text: string, bible: Bible): Edited {
  const seconds = Number(text.replaceAll(",", "").replace(/(초|s|sec|seconds?)$/i, ""));
  if (!Number.isFinite(seconds) || !text.trim()) return problem("noSeconds", { text });
  const { num, den } = bible.clock.rate;
  return ofFrames(Math.round((seconds * num) / den), bible);
}

function ofFrames(frames: number, bible: Bible): Edited {
  if (frames < 1 || frames > MAX_FRAMES) return problem("frames", { frames, most: MAX_FRAMES });
  const { num, den } = bible.clock.rate;
  return changed({ frame_count: frames }, { frame_count: frames, duration_seconds: (frames * den) / num });
}

export function writeRating(text: string): Edited {
  const rating = readStars(text);
  return rating === undefined ? problem("rating", { text, most: MOST_STARS }) : changed({ rating });
}

export function writeTags(text: string): Edited {
  const tags = readTags(text);
  const long = tags.find((tag) => tag.length > MOST_TAG);
  if (long !== undefined) return problem("tagTooLong", { tag: long, most: MOST_TAG });
  return tags.length > MOST_TAGS
    ? problem("tooManyTags", { tags: tags.length, most: MOST_TAGS })
    : changed({ tags });
}

/** What a person may say of a shot: a verdict on its confirmed take. */
export const GIVEN: readonly ShotStatus[] = ["completed", "needs_revision", "approved"];

export function writeStatus(text: string, { statusLabel }: Bible, shot: ShotView | undefined): Edited {
  const plain = (one: string) =>
    one
      .normalize("NFC")
      .trim()
      .toLocaleLowerCase()
      .replace(/[\s-]+/g, "_");
  const status = SHOT_STATUSES.find((one) => [one, plain(statusLabel(one))].includes(plain(text)));
  if (!status) return problem("status", { text });
  if (status === (shot?.status ?? "pending")) return changed({});
  if (!GIVEN.includes(status)) return problem("farmStatus", { status: statusLabel(status) });
  return shot?.confirmed_take_id ? changed({ status }) : problem("noTake", { status: statusLabel(status) });
}
