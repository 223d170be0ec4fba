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

/** Finds words in texts, without case; a word of initial consonants (ㅁㄴ) finds what begins its syllables so (미나). */
export function finder(query: string): (text: string) => boolean {
  const words = query.normalize("NFC").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map((word) =>
    INITIALS.test(word)
      ? (text: string) => initialsOf(text).includes(word)
      : (text: string) => text.toLocaleLowerCase().includes(word),
  );
  return (text) => tests.every((test) => test(text));
}
