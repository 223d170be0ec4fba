/** Characters as text, the way the workbook writes them (master/exchange/cells.py): `Mina(red raincoat), Juno`. */
export interface Named {
  name: string;
  /** Empty when none is named. */
  look: string;
}

/** Pieces between commas, semicolons or line breaks that stand in no brackets and no quotes. */
function pieces(text: string): string[] {
  const found = [""];
  let depth = 0;
  let quoted = false;
  for (const sign of text) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === "(" || sign === "（")) depth += 1;
    else if (!quoted && (sign === ")" || sign === "）")) depth -= 1;
    if (!quoted && depth === 0 && /[,;\n、，]/.test(sign)) found.push("");
    else found[found.length - 1] += sign;
  }
  return found.map((piece) => piece.trim()).filter(Boolean);
}

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .replaceAll('""', '"')
    .trim();

export function readCast(text: string): Named[] {
  return pieces(text).map((piece) => {
    const [, name, look] = /^(.*?)\s*[(（](.*)[)）]$/s.exec(piece) ?? [];
    return name ? { name: bare(name), look: bare(look ?? "") } : { name: bare(piece), look: "" };
  });
}

const quote = (text: string): string =>
  /[,;()（）"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const writeCast = (cast: readonly Named[]): string =>
  cast.map(({ name, look }) => (look ? `${quote(name)}(${quote(look)})` : quote(name))).join(", ");
