/** Blocks of cells as text, the way Excel and Sheets put them on the clipboard and take them from it. */
import Papa from "papaparse";

export type Block = readonly (readonly string[])[];

/** null: covered by a merged cell whose text stands in its first one. */
export type Pasted = readonly (readonly (string | null)[])[];

/** More lines or columns than that are no merged cell that anybody drew. */
const MOST_MERGED = 1000;

/** A table in the HTML first: only there a cell's line breaks are sure; else text divided by tabs. */
export function readBlock({ html, text }: { html: string; text: string }): Pasted {
  return (/<t[dh][\s>]/i.test(html) ? readHtml(html) : undefined) ?? readText(text);
}

function readHtml(html: string): Pasted | undefined {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (table === null) return undefined;
  const lines = [...table.querySelectorAll("tr")];
  const rows: (string | null | undefined)[][] = lines.map(() => []);
  for (const [y, line] of lines.entries()) {
    let x = 0;
    for (const cell of line.querySelectorAll<HTMLTableCellElement>("td, th")) {
      while (rows[y]?.[x] !== undefined) x += 1; // a merged cell of a line above reaches down to here
      const width = Math.min(cell.colSpan, MOST_MERGED);
      const below = rows.slice(y, y + Math.min(cell.rowSpan || MOST_MERGED, MOST_MERGED));
      for (const row of below) for (let covered = 0; covered < width; covered += 1) row[x + covered] = null;
      below[0]?.splice(x, 1, textOf(cell));
      x += width;
    }
  }
  return rows.some((row) => row.length > 0)
    ? squared(rows.map((row) => Array.from(row, (text) => (text === undefined ? "" : text))))
    : undefined;
}

/** The text of a cell with its line breaks; spaces of the markup itself do not count. */
function textOf(cell: HTMLElement): string {
  const said = (node: Node): string => {
    if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? "").replace(/[\t\n\r ]+/g, " ");
    if (!(node instanceof HTMLElement)) return "";
    if (node.tagName === "BR") return "\n";
    const inner = [...node.childNodes].map(said).join("");
    return /^(P|DIV|LI)$/.test(node.tagName) ? `${inner}\n` : inner;
  };
  return [...cell.childNodes]
    .map(said)
    .join("")
    .replaceAll("\u00a0", " ")
    .replace(/ *\n */g, "\n")
    .trim();
}

function readText(text: string): Block {
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const { data, errors } = Papa.parse<string[]>(whole, { delimiter: "\t", newline: "\n" });
  // a quote that stands there as a quote, not around a cell
  const rows = errors.length > 0 ? whole.split("\n").map((line) => line.split("\t")) : data;
  return squared(rows.length > 0 ? rows : [[""]]);
}

function squared<Text extends string | null>(rows: readonly (readonly Text[])[]): (Text | "")[][] {
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => "" as const)]);
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\n", "<br>");

/** Text for anything, and a table for sheets; as text, so that `001` stays `001`. */
export function writeBlock(block: Block): { html: string; text: string } {
  const text = Papa.unparse(block as string[][], { delimiter: "\t", newline: "\r\n" });
  const cells = (row: readonly string[]) =>
    row.map((cell) => `<td style="mso-number-format:'\\@'">${escaped(cell)}</td>`).join("");
  return { text, html: `<table>${block.map((row) => `<tr>${cells(row)}</tr>`).join("")}</table>` };
}
