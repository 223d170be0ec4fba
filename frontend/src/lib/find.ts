import { getChoseong } from "es-hangul";

const INITIALS = /^[ㄱ-ㅎ]+$/;

/** Each text's initial consonants, found once. */
const initials = new Map<string, string>();
const KEPT = 20_000;

function initialsOf(text: string): string {
  let found = initials.get(text);
  if (found === undefined) {
    if (initials.size > KEPT) initials.clear();
    initials.set(text, (found = getChoseong(text).replaceAll(" ", "")));
  }
  return found;
}

/** Finds a text as it stands, without case; initial consonants (ㅁㄴ) find what begins its syllables so (미나). */
export function holder(text: string): (other: string) => boolean {
  const wanted = text.normalize("NFC").toLocaleLowerCase().trim();
  return INITIALS.test(wanted)
    ? (other) => initialsOf(other).includes(wanted)
    : (other) => other.toLocaleLowerCase().includes(wanted);
}

/** Finds texts that hold every word of a search, in any order. */
export function finder(query: string): (text: string) => boolean {
  const tests = query.split(/\s+/).filter(Boolean).map(holder);
  return (text) => tests.every((test) => test(text));
}
