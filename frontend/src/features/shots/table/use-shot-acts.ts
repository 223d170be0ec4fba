import type { GridSelection } from "@glideapps/glide-data-grid";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import type { ShotRoom } from "@/features/shots/room";
import type { EditName } from "@/features/shots/rows";
import type { Bible } from "./bible";
import {
  type Area,
  type BlockEdit,
  editOfBlock,
  editOfClear,
  MOST_CELLS,
  MOST_ROWS,
  textsOf,
  tiled,
} from "./block-edit";
import { readCast, writeCast } from "./cast-text";
import type { Block, Pasted } from "./clipboard";
import type { Column } from "./columns";
import { copyOf } from "./copy";
import { backwards, filledDown, filledRight } from "./fill";
import type { Line } from "./lines";
import { dropPlace, editOfMove, stepPlace } from "./moving";
import { shotsIn } from "./selection";
import type { GridAct } from "./grid-props";

/** A block of which not everything can be written as it stands: the artist decides. */
export interface Review {
  block: Pasted;
  area: Area;
  name: "type" | "paste";
  edit: BlockEdit;
}

interface Wanted {
  room: ShotRoom;
  lines: readonly Line[];
  columns: readonly Column[];
  selection: GridSelection;
  onFind: () => void;
  onGenerate: () => void;
  /** These shots were moved: the selection goes with them. */
  onMoved: (ids: readonly string[]) => void;
}

/** What the table asks for becomes gestures: each is one request and one undo. */
export function useShotActs({ room, lines, columns, selection, onFind, onGenerate, onMoved }: Wanted) {
  const { t } = useTranslation();
  const [review, setReview] = useState<Review>();
  const { rows, desk, bible } = room;
  const table = { rows, lines, columns, bible };

  const send = (name: EditName, edit: BlockEdit) => {
    if (edit.changes.length + edit.create.length > 0) room.write(name, edit.changes, edit.create);
    else if (edit.locked > 0) toast.info(t("table.allLocked"));
  };

  const put = (block: Pasted, area: Area, name: "type" | "paste") => {
    const size = tiled(block, area);
    if (size.height > MOST_ROWS || size.height * size.width > MOST_CELLS) {
      const values = {
        rows: size.height,
        cells: size.height * size.width,
        mostRows: MOST_ROWS,
        mostCells: MOST_CELLS,
      };
      toast.error(t("table.tooMuch", values), { duration: 12_000 });
      return;
    }
    const edit = editOfBlock(block, area, table, name === "paste");
    if (edit.unknown.length + edit.refused.length > 0) setReview({ block, area, name, edit });
    else send(name, edit);
  };

  const clear = (areas: readonly Area[], name: "clear" | "cut") => {
    const edits = areas.map((area) => editOfClear(area, table));
    send(name, { ...emptyEdit, changes: edits.flatMap(({ changes }) => changes), locked: edits.length });
  };

  const numbers = (area: Area) =>
    columns.slice(area.x, area.x + area.width).map(({ kind }) => kind === "number");
  const shotLines = (area: Area) =>
    lines.slice(area.y, area.y + area.height).filter(({ is }) => is === "shot").length;

  /** Ctrl+D and Ctrl+R: the first line (column) over the others; of one alone, that before it. */
  const fill = (area: Area, to: "down" | "right") => {
    const one = to === "down" ? area.height === 1 : area.width === 1;
    const from = one ? before(area, to, lines) : area;
    if (!from) return;
    const source = textsOf(to === "down" ? { ...from, height: 1 } : { ...from, width: 1 }, table);
    const target = one
      ? area
      : to === "down"
        ? { ...area, y: area.y + 1, height: area.height - 1 }
        : { ...area, x: area.x + 1, width: area.width - 1 };
    send("fill", editOfBlock(source, target, table, false));
  };

  const drag = (source: Area, destination: Area) => {
    const texts = textsOf(source, table);
    const down = destination.y + destination.height - (source.y + source.height);
    const up = source.y - destination.y;
    const right = destination.x + destination.width - (source.x + source.width);
    const left = source.x - destination.x;
    if (down > 0 || up > 0) {
      const y = down > 0 ? source.y + source.height : destination.y;
      const area = { ...source, y, height: down > 0 ? down : up };
      const count = shotLines(area);
      const block =
        down > 0
          ? filledDown(texts, count, numbers(source))
          : backwards(filledDown(backwards(texts), count, numbers(source)));
      if (count > 0) send("fill", editOfBlock(block, area, table, false));
    } else if (right > 0 || left > 0) {
      const area = {
        ...source,
        x: right > 0 ? source.x + source.width : destination.x,
        width: right > 0 ? right : left,
      };
      const isNumber = numbers(source).every(Boolean);
      const turned = (block: Block): Block => block.map((row) => [...row].reverse());
      const block =
        right > 0 ? filledRight(texts, right, isNumber) : turned(filledRight(turned(texts), left, isNumber));
      send("fill", editOfBlock(block, area, table, false));
    }
  };

  const move = (ids: readonly string[], to: number | undefined) => {
    const changes = to === undefined ? [] : editOfMove(ids, to, lines, rows);
    if (changes.length === 0) return;
    onMoved(ids);
    desk.edit({ name: "move", changes });
  };

  const insert = () => {
    const line = lines[selection.current?.cell[1] ?? -1] ?? lines.findLast(({ is }) => is === "shot");
    const shot = line?.is === "shot" ? rows.get(line.id) : undefined;
    if (!shot) return desk.edit({ name: "insert", changes: [], create: [{ send: {} }] });
    const ids = rows.ids;
    const next = rows.get(ids[ids.indexOf(shot.id) + 1] ?? "");
    const end = next?.sequence_id === shot.sequence_id ? next.position : shot.position + 2;
    const position = (shot.position + end) / 2;
    desk.edit({
      name: "insert",
      changes: [],
      create: [{ send: { sequence_id: shot.sequence_id, position } }],
    });
  };

  const duplicate = () => {
    const create = shotsIn(selection, lines).flatMap((id) => {
      const shot = rows.get(id);
      return shot ? [copyOf(shot)] : [];
    });
    if (create.length > 0) desk.edit({ name: "duplicate", changes: [], create });
  };

  const remove = (ids: readonly string[]) => {
    if (ids.length === 0) return;
    desk.edit({ name: "delete", changes: [], remove: ids });
    toast.success(t("table.removed", { count: ids.length }), {
      action: { label: t("table.undo"), onClick: () => desk.step("undo") },
    });
  };

  const act = (wanted: GridAct): void => {
    switch (wanted.is) {
      case "put":
        return put(wanted.block, wanted.area, wanted.name);
      case "clear":
      case "cut":
        return clear(wanted.areas, wanted.is);
      case "fill":
        return fill(wanted.area, wanted.to);
      case "undo":
      case "redo":
        return desk.step(wanted.is);
      case "find":
        return onFind();
      case "generate":
        return onGenerate();
      case "insert":
        return insert();
      case "duplicate":
        return duplicate();
      case "remove":
        return remove(shotsIn(selection, lines));
      case "move": {
        const ids = shotsIn(selection, lines);
        return move(ids, stepPlace(wanted.by, ids, lines));
      }
    }
  };

  const moveLines = (from: number, to: number) => {
    const marked = shotsIn(selection, lines);
    const line = lines[from];
    const ids = line?.is === "shot" ? (marked.includes(line.id) ? marked : [line.id]) : [];
    if (ids.length > 0) move(ids, dropPlace(from, to, ids, lines));
  };

  /** What can be written of a block that was looked at; other names stand for some of its own. */
  const goOn = ({ block, area, name }: Review, names: ReadonlyMap<string, string>, now: Bible) => {
    setReview(undefined);
    send(name, editOfBlock(renamed(block, names), area, { ...table, bible: now }, name === "paste"));
  };

  return { act, drag, moveLines, remove, insert, review, goOn, closeReview: () => setReview(undefined) };
}

function renamed(block: Pasted, names: ReadonlyMap<string, string>): Pasted {
  const as = (name: string) => names.get(name) ?? name;
  if (names.size === 0) return block;
  return block.map((row) =>
    row.map((text) => {
      if (text === null) return null;
      const whole = names.get(text.trim());
      if (whole !== undefined) return whole;
      const cast = readCast(text);
      const meant = cast.some(({ name, look }) => names.has(name) || names.has(look));
      return meant ? writeCast(cast.map(({ name, look }) => ({ name: as(name), look: as(look) }))) : text;
    }),
  );
}

const emptyEdit: BlockEdit = { changes: [], create: [], refused: [], unknown: [], locked: 0, cells: 0 };

function before(area: Area, to: "down" | "right", lines: readonly Line[]): Area | undefined {
  if (to === "right") return area.x > 0 ? { ...area, x: area.x - 1 } : undefined;
  const y = lines.slice(0, area.y).findLastIndex(({ is }) => is === "shot");
  return y < 0 ? undefined : { ...area, y };
}
