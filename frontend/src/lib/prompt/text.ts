/** Texts as master/shots/prompts.py cleans and compares them, sign for sign. */

/** What a cleaned text neither begins nor ends with. */
export const ENDS = " \t,;.、。，；·|";

// eslint-disable-next-line no-control-regex -- it is control signs that are meant
const SPACE = /[\s\x1c-\x1f\x85]/u; // what Python calls white space

export function strip(text: string, ends: string): string {
  const signs = [...text];
  let from = 0;
  let to = signs.length;
  while (from < to && ends.includes(signs[from] ?? "")) from += 1;
  while (to > from && ends.includes(signs[to - 1] ?? "")) to -= 1;
  return signs.slice(from, to).join("");
}

export const isBlank = (text: string): boolean => [...text].every((sign) => SPACE.test(sign));

/** A list of words taken apart at commas, semicolons and line breaks; the comma in 1,000 stays. */
export const words = (text: string): string[] => text.split(/[;；、，\n\r]|(?<!\p{Nd}),|,(?!\p{Nd})/u);

/** Without line breaks, invisible marks, and spaces or commas twice. */
export function oneLine(text: string): string {
  const printable = text.replace(/\p{Cf}/gu, "").replace(/[\p{C}\p{Z}]/gu, " ");
  const collapsed = printable.split(/ +/).filter(Boolean).join(" ");
  return collapsed.replace(/\s*([,;、，；])(?:\s*[,;、，；])+/g, "$1").replace(/\s+([,;、，；])/g, "$1");
}

/** On one line in composed Unicode, without doubled or dangling separators. */
export const cleaned = (text: string, ends: string): string => strip(oneLine(text.normalize("NFC")), ends);

/** For comparing whatever the case: ß is ss, ﬁ is fi. */
export const foldCase = (text: string): string =>
  text
    .split("ı") // has no other case
    .map((piece) => piece.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ"))
    .join("ı");

/** A preset's name as it is looked up: whatever its case, spaces, hyphens and way of writing. */
export const folded = (name: string): string =>
  // eslint-disable-next-line no-control-regex -- as above
  foldCase(name.normalize("NFKC").replace(/[\s\x1c-\x1f\x85_-]+/gu, ""));
