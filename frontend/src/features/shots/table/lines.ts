import type { ShotView } from "@/api";
import type { ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import { type Column, columnOf, type ColumnKey } from "./columns";
import { finder, holder } from "@/lib/find";
import { readTags, sameTag } from "./marks";
import type { Filter, TableView } from "./view";

/** One line of the table: a shot, or the head of a group. */
export type Line =
  | { is: "shot"; id: string }
  | { is: "group"; value: string; label: string; shots: number; frames: number; folded: boolean };

export type Seen = Pick<TableView, "filters" | "sorts" | "group"> & {
  q: string;
  folded: ReadonlySet<string>;
};

/** What a search looks at. */
const SEARCHED: readonly ColumnKey[] = [
  "code",
  "sequence",
  "scene_description",
  "action",
  "characters",
  "cinematic_option",
  "tags",
  "notes",
];

/** Which shots are seen, and in which order. A group is a run of lines under its head. */
export function linesOf(rows: ShotRows, bible: Bible, seen: Seen): Line[] {
  const shots: ShotView[] = [];
  const fits = fitting(rows, bible, seen);
  for (const id of rows.ids) {
    const shot = rows.get(id);
    if (shot && fits(shot)) shots.push(shot);
  }
  if (seen.sorts.length > 0) sort(shots, rows, bible, seen);
  return seen.group === null
    ? shots.map(({ id }) => ({ is: "shot", id }))
    : grouped(shots, rows, bible, columnOf(seen.group), seen.folded);
}

function fitting(rows: ShotRows, bible: Bible, { q, filters }: Seen): (shot: ShotView) => boolean {
  const tests = filters.map((filter) => testOf(filter, rows, bible));
  if (q.trim()) {
    const finds = finder(q);
    const columns = SEARCHED.map(columnOf);
    tests.push((shot) => finds(columns.map((column) => column.text(shot, bible, undefined)).join(" ")));
  }
  return (shot) => tests.every((test) => test(shot));
}

function testOf({ key, op, value }: Filter, rows: ShotRows, bible: Bible): (shot: ShotView) => boolean {
  const column = columnOf(key);
  const text = (shot: ShotView) => column.text(shot, bible, rows.placeOf(shot.id));
  const wanted = value.trim().toLocaleLowerCase();
  switch (op) {
    case "is":
      return (shot) => text(shot).toLocaleLowerCase() === wanted;
    case "isNot":
      return (shot) => text(shot).toLocaleLowerCase() !== wanted;
    case "has":
      return (
        (holds) => (shot) =>
          holds(text(shot))
      )(holder(value));
    case "hasNot":
      return (
        (holds) => (shot) =>
          !holds(text(shot))
      )(holder(value));
    case "any":
    case "none": {
      const tags = new Set(readTags(value).map(sameTag));
      const hit = (shot: ShotView) => shot.tags.some((tag) => tags.has(sameTag(tag)));
      return (shot) => tags.size === 0 || hit(shot) === (op === "any");
    }
    case "empty":
      return (shot) => text(shot).trim() === "";
    case "filled":
      return (shot) => text(shot).trim() !== "";
    case "more":
      return (shot) => amount(column, shot, rows, text) > Number(value);
    case "atLeast":
      return (shot) => amount(column, shot, rows, text) >= Number(value);
    case "less":
      return (shot) => amount(column, shot, rows, text) < Number(value);
  }
}

const amount = (column: Column, shot: ShotView, rows: ShotRows, text: (shot: ShotView) => string): number =>
  column.order ? column.order(shot, rows.placeOf(shot.id)) : Number(text(shot));

function sort(shots: ShotView[], rows: ShotRows, bible: Bible, { sorts }: Seen): void {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const keys = sorts.map(({ key, down }) => {
    const column = columnOf(key);
    const values = new Map(
      shots.map((shot) => {
        const place = rows.placeOf(shot.id);
        return [shot.id, column.order ? column.order(shot, place) : column.text(shot, bible, place)];
      }),
    );
    return { values, sign: down ? -1 : 1 };
  });
  const compare = (a: string | number | undefined, b: string | number | undefined): number =>
    typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
  shots.sort((a, b) => {
    for (const { values, sign } of keys) {
      const by = compare(values.get(a.id), values.get(b.id));
      if (by !== 0) return sign * by;
    }
    return 0; // the order of the cut stays
  });
}

function grouped(
  shots: readonly ShotView[],
  rows: ShotRows,
  bible: Bible,
  column: Column,
  folded: ReadonlySet<string>,
): Line[] {
  const groups = new Map<string, ShotView[]>();
  for (const shot of shots) {
    const value = column.text(shot, bible, rows.placeOf(shot.id));
    const group = groups.get(value);
    if (group) group.push(shot);
    else groups.set(value, [shot]);
  }
  return [...groups].flatMap(([value, members]): Line[] => {
    const isFolded = folded.has(value);
    const frames = members.reduce((sum, { frame_count }) => sum + frame_count, 0);
    const label = column.headed?.(value, bible) ?? value;
    const head: Line = { is: "group", value, label, shots: members.length, frames, folded: isFolded };
    return isFolded ? [head] : [head, ...members.map(({ id }): Line => ({ is: "shot", id }))];
  });
}
