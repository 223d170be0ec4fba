import type { DataEditorRef, Item, Rectangle } from "@glideapps/glide-data-grid";
import { type RefObject, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import type { ShotView } from "@/api";
import type { Box, CellInputHandle } from "./cell-input";
import type { Edited } from "./edited";
import { cellSelection } from "./selection";
import { type Suggestion, suggestionsFor } from "./suggestions";
import type { ShotGridProps } from "./grid-props";
import { colour } from "./theme";

export interface OpenCell {
  id: string;
  code: string;
  column: number;
  /** What the master said when it was opened. */
  said: string;
  /** Undefined until the first key. */
  typed: string | undefined;
}

interface Wanted extends ShotGridProps {
  editor: RefObject<DataEditorRef | null>;
  input: RefObject<CellInputHandle | null>;
  /** What is seen; a change moves the field. */
  region: Rectangle;
}

/** The cell that is being edited: what is typed, what it means, what others wrote there meanwhile. */
export function useCellEditing(props: Wanted) {
  const { rows, lines, columns, bible, selection, onSelection, onAct, editor, input, region } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState<OpenCell>();
  const [chosen, setChosen] = useState(-1);
  const [tried, setTried] = useState(false);
  // what is edited is a shot, not a line: others may delete and move lines above it meanwhile
  const [x, y] = open
    ? [
        open.column,
        lines.findIndex((line) => line.is === "shot" && rows.idNow(line.id) === rows.idNow(open.id)),
      ]
    : (selection.current?.cell ?? [-1, -1]);

  const shotAt = (line: number): ShotView | undefined => {
    const at = lines[line];
    return at?.is === "shot" ? rows.get(at.id) : undefined;
  };
  const column = columns[x];
  const shot = shotAt(y);
  const text = shot && column ? column.text(shot, bible, rows.placeOf(shot.id)) : "";
  const writable = shot !== undefined && column?.write !== undefined;

  /** Where the cell is in the window now; nowhere while it is scrolled out of sight. */
  const place = useCallback(
    (): Box | undefined => (x < 0 || y < 0 ? undefined : editor.current?.getBounds(x, y)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is seen, and how wide columns are, moves it
    [x, y, editor, region, columns],
  );

  const said = useCallback(
    (id: string, at: number): string => {
      const row = rows.saidOf(id);
      const which = columns[at];
      return row && which ? which.text(row, bible, rows.placeOf(id)) : "";
    },
    [rows, columns, bible],
  );

  const start = (at: Item, typed: string | undefined) => {
    const line = lines[at[1]];
    if (line?.is !== "shot" || columns[at[0]]?.write === undefined) return false;
    const code = rows.get(line.id)?.code ?? "";
    setOpen({ id: line.id, code, column: at[0], said: said(line.id, at[0]), typed });
    setChosen(-1);
    setTried(false);
    return true;
  };

  const begin = (at: Item) => {
    const row = shotAt(at[1]);
    const which = columns[at[0]];
    if (row && which?.write === undefined) props.onOpen(row.id);
    else if (row && which && start(at, undefined)) {
      const text = which.text(row, bible, undefined);
      input.current?.begin(which.kind === "status" ? bible.statusLabel(row.status) : text);
    }
  };

  const typed = (now: string) => {
    if (open) {
      setOpen({ ...open, typed: now });
      setChosen(-1);
      setTried(false);
    } else if (selection.current) start(selection.current.cell, now);
  };

  const close = () => {
    setOpen(undefined);
    input.current?.put("");
    input.current?.focus();
  };

  /** The shot is gone; what was typed can be taken along. */
  const tellLost = (code: string, words: string) =>
    toast.warning(t("table.vanished", { code }), {
      duration: 12_000,
      action: { label: t("action.copy"), onClick: () => void navigator.clipboard.writeText(words) },
    });

  const suggestions = open && column && shot ? suggestionsFor(column, open.typed, bible, shot) : NONE;

  /**
   * Writes what is there, into the cell or everywhere in the selection, and goes on by so many cells. False when it
   * cannot be written; the field stays open.
   */
  const commit = (step: Item, everywhere = false): boolean => {
    if (!open || !column) return true;
    if (!shot) {
      close();
      if (open.typed !== undefined) tellLost(open.code, open.typed);
      return true;
    }
    const taken = suggestions[chosen]?.text;
    const now = taken ?? open.typed ?? text;
    const same = now === text && !everywhere;
    const meant: Edited | undefined = same ? undefined : column.write?.(now, bible, shot);
    if (meant?.is === "problem") {
      setTried(true);
      return false;
    }
    close();
    const area = { x, y, width: 1, height: 1 };
    const wanted = everywhere ? (selection.current?.range ?? area) : area;
    if (meant) onAct({ is: "put", block: [[now]], area: wanted, name: "type" });
    const next: Item = [clamp(x + step[0], columns.length), clamp(y + step[1], lines.length)];
    if (step[0] !== 0 || step[1] !== 0) {
      onSelection(cellSelection(...next));
      editor.current?.scrollTo(...next);
    }
    return true;
  };

  const meantNow = open && tried ? column?.write?.(open.typed ?? text, bible, shot) : undefined;
  const now = open ? said(open.id, x) : "";
  return {
    open,
    place,
    column,
    writable,
    suggestions,
    chosen,
    /** What is wrong with what was typed, once it was tried. */
    problem: meantNow?.is === "problem" ? meantNow : undefined,
    /** What somebody else wrote there since. */
    theirs: open && now !== open.said && now !== (open.typed ?? "") ? now : undefined,
    label:
      shot && column
        ? t("table.cellLabel", {
            code: shot.code,
            column: t(`table.column.${column.key}`),
            value: text || t("table.empty"),
          })
        : t("table.grid"),
    begin,
    typed,
    commit,
    cancel: close,
    takeTheirs: () => close(),
    choose: (step: -1 | 1) => setChosen((at) => Math.max(-1, Math.min(suggestions.length - 1, at + step))),
    take: (suggestion: Suggestion) => {
      input.current?.put(suggestion.text);
      typed(suggestion.text);
      if (column?.kind !== "cast" && column?.kind !== "tags") setChosen(0);
    },
    leave: (to: Node | null, inside: HTMLElement | null) => {
      if (open && !(to && inside?.contains(to)) && !commit([0, 0])) close();
    },
    regions: useMemo(
      () =>
        props.others.flatMap(({ shot_id, field }) => {
          const line = lines.findIndex((one) => one.is === "shot" && one.id === shot_id);
          const at = columns.findIndex(({ key }) => key === field);
          if (line < 0) return [];
          const range = { x: Math.max(0, at), y: line, width: at < 0 ? columns.length : 1, height: 1 };
          return [{ color: colour("fill-active"), range, style: "solid-outline" as const }];
        }),
      [props.others, lines, columns],
    ),
  };
}

const NONE: Suggestion[] = [];

export type CellEditing = ReturnType<typeof useCellEditing>;

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
