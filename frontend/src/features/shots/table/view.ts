/** How a table is shown: kept in the address as far as it decides what is seen, and whole in a saved view. */
import { type Column, COLUMN_KEYS, columnOf, COLUMNS, type ColumnKey } from "./columns";

export const OPERATORS = [
  ...(["is", "isNot", "has", "hasNot", "any", "none"] as const),
  ...(["empty", "filled", "more", "atLeast", "less"] as const),
] as const;
export type Operator = (typeof OPERATORS)[number];

const TEXT: readonly Operator[] = ["is", "isNot", "has", "hasNot", "empty", "filled"];

/** What may be asked of a column; the first is asked unless another is chosen. */
export function operatorsOf({ kind, order }: Pick<Column, "kind" | "order">): readonly Operator[] {
  if (kind === "rating") return ["atLeast", "is", "less", "empty", "filled"];
  if (kind === "tags") return ["any", "none", "empty", "filled"];
  return order ? [...TEXT, "more", "less"] : TEXT;
}

/** A filter of a column: as it was, as far as the column can be asked that. */
export function filterOf(key: ColumnKey, op: Operator): Filter {
  const operators = operatorsOf(columnOf(key));
  return { key, op: operators.includes(op) ? op : (operators[0] ?? "is"), value: "" };
}

export interface Filter {
  key: ColumnKey;
  op: Operator;
  value: string;
}

export interface Sort {
  key: ColumnKey;
  down: boolean;
}

export const HEIGHTS = { low: 36, middle: 70, high: 108 } as const;
export type RowHeight = keyof typeof HEIGHTS;

export interface ColumnShown {
  key: ColumnKey;
  width: number;
  hidden: boolean;
}

export interface TableView {
  /** In their order; all of them. */
  columns: readonly ColumnShown[];
  /** How many stay in place at the left. */
  pinned: number;
  filters: Filter[];
  sorts: Sort[];
  group: ColumnKey | null;
  colour: "status" | "none";
  height: RowHeight;
}

const HIDDEN: readonly ColumnKey[] = ["prompt_override", "negative_prompt", "timecode_out", "references"];

export const PLAIN: TableView = {
  columns: COLUMNS.map(({ key, width }) => ({ key, width, hidden: HIDDEN.includes(key) })),
  pinned: 2,
  filters: [],
  sorts: [],
  group: "sequence",
  colour: "none",
  height: "middle",
};

const isKey = (value: unknown): value is ColumnKey => COLUMN_KEYS.some((key) => key === value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A view from where anybody may have written it; what is not understood is left out, new columns are added. */
export function readView(config: unknown): TableView {
  if (!isObject(config)) return PLAIN;
  const columns = list(config["columns"]).flatMap((one): ColumnShown[] => {
    if (!isObject(one) || !isKey(one["key"])) return [];
    const width = Number(one["width"]);
    const usual = COLUMNS.find(({ key }) => key === one["key"])?.width ?? 120;
    return [
      { key: one["key"], width: width >= 40 && width <= 900 ? width : usual, hidden: one["hidden"] === true },
    ];
  });
  const known = columns.filter((one, place) => columns.findIndex(({ key }) => key === one.key) === place);
  const added = PLAIN.columns.filter(({ key }) => !known.some((one) => one.key === key));
  const pinned = Number(config["pinned"]);
  return {
    columns: [...known, ...added],
    pinned: Number.isInteger(pinned) && pinned >= 0 && pinned <= 4 ? pinned : PLAIN.pinned,
    filters: readFilters(config["filters"]),
    sorts: readSorts(config["sorts"]),
    group: isKey(config["group"]) ? config["group"] : config["group"] === null ? null : PLAIN.group,
    colour: config["colour"] === "status" ? "status" : "none",
    height:
      Object.keys(HEIGHTS).find((height): height is RowHeight => height === config["height"]) ?? "middle",
  };
}

export function readFilters(value: unknown): Filter[] {
  return list(value).flatMap((one): Filter[] => {
    const op = isObject(one) ? OPERATORS.find((known) => known === one["op"]) : undefined;
    if (!isObject(one) || !isKey(one["key"]) || op === undefined) return [];
    return [{ key: one["key"], op, value: typeof one["value"] === "string" ? one["value"] : "" }];
  });
}

export function readSorts(value: unknown): Sort[] {
  return list(value).flatMap((one): Sort[] =>
    isObject(one) && isKey(one["key"]) ? [{ key: one["key"], down: one["down"] === true }] : [],
  );
}
