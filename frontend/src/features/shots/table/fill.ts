/** What dragging the fill handle gives: texts repeat, numbers that go in even steps go on. */
import type { Block } from "./clipboard";

const STEPS = /^-?\d+(\.\d+)?$/;

/** `count` further texts after these. Numbers count only when the column holds numbers. */
export function continued(texts: readonly string[], count: number, numbers: boolean): string[] {
  const values = texts.map(Number);
  const step = texts.length > 1 ? (values[1] ?? 0) - (values[0] ?? 0) : 0;
  const isSeries =
    numbers &&
    texts.length > 1 &&
    texts.every((text) => STEPS.test(text)) &&
    values.every((value, index) => index === 0 || Math.abs(value - (values[index - 1] ?? 0) - step) < 1e-9);
  const last = values.at(-1) ?? 0;
  return Array.from({ length: count }, (_, index) =>
    isSeries
      ? String(Math.round((last + step * (index + 1)) * 1000) / 1000)
      : (texts[index % texts.length] ?? ""),
  );
}

const turned = (block: Block): string[][] => (block[0] ?? []).map((_, x) => block.map((row) => row[x] ?? ""));

/** The source continued downwards by `count` lines; `numbers` tells for each column if it holds numbers. */
export function filledDown(source: Block, count: number, numbers: readonly boolean[]): Block {
  return turned(turned(source).map((column, x) => continued(column, count, numbers[x] ?? false)));
}

export const filledRight = (source: Block, count: number, numbers: boolean): Block =>
  source.map((row) => continued(row, count, numbers));

/** Towards the start, the source is read backwards and so is what follows. */
export const backwards = (block: Block): Block => [...block].reverse();
