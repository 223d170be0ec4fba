import type { GridSelection, Rectangle } from "@glideapps/glide-data-grid";
import { useMutation } from "@tanstack/react-query";
import { lazy, memo, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { type JobView, uploadMedia } from "@/api";
import type { ShotRoom } from "@/features/shots/room";
import { useErrorText } from "@/ui/states";
import { type ColumnKey, columnOf } from "./columns";
import { HeaderMenu } from "./header-menu";
import type { Line } from "./lines";
import { areasOf, following, NOTHING, shotsIn } from "./selection";
import type { ShotGridProps } from "./grid-props";
import { ShotGrid } from "./shot-grid";
import { StatusLine } from "./status-line";
import { useShotActs } from "./use-shot-acts";
import { HEIGHTS, type TableView } from "./view";

const ReviewDialog = lazy(() =>
  import("./review-dialog").then(({ ReviewDialog }) => ({ default: ReviewDialog })),
);

export interface ShotTableProps {
  room: ShotRoom;
  lines: readonly Line[];
  view: TableView;
  jobs: ReadonlyMap<string, JobView>;
  others: ShotGridProps["others"];
  onView: (changed: Partial<TableView>) => void;
  onOpen: (id: string) => void;
  onFold: (value: string) => void;
  onFind: () => void;
  onGenerate: () => void;
  /** Which shots are marked, and where the cursor is. */
  onMarked: (ids: readonly string[]) => void;
  onHere: (shotId: string | null, field: string | null) => void;
}

const MOST_REFERENCES = 50;

/**
 * The grid with all that belongs to it: keys and clipboard that become gestures, menus, and the line at its foot. What
 * happens elsewhere on the page does not draw it anew.
 */
export const ShotTable = memo(function ShotTable(props: ShotTableProps) {
  const { room, lines, view, onView, onMarked, onHere } = props;
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [selection, setSelection] = useState<GridSelection>(NOTHING);
  const [menu, setMenu] = useState<{ key: ColumnKey; at: Rectangle }>();
  const columns = useMemo(
    () => view.columns.filter(({ hidden }) => !hidden).map(({ key, width }) => ({ ...columnOf(key), width })),
    [view.columns],
  );
  const [moved, setMoved] = useState<{ ids: readonly string[]; from: readonly Line[] }>();
  if (moved && moved.from !== lines) {
    setMoved(undefined);
    setSelection(following(selection, moved.ids, lines));
  }
  const acts = useShotActs({
    room,
    lines,
    columns,
    selection,
    onFind: props.onFind,
    onGenerate: props.onGenerate,
    onMoved: (ids) => setMoved({ ids, from: lines }),
  });

  const select = useCallback(
    (now: GridSelection) => {
      setSelection(now);
      onMarked(now.rows.length > 0 || now.current ? shotsIn(now, lines) : []);
      const [x = -1, y = -1] = now.current?.cell ?? [];
      const line = lines[y];
      onHere(line?.is === "shot" ? line.id : null, columns[x]?.key ?? null);
    },
    [lines, columns, onMarked, onHere],
  );

  const upload = useMutation({
    mutationFn: async ({ id, files }: { id: string; files: readonly File[] }) => {
      const media: string[] = [];
      for (const file of files) {
        const body = { file };
        media.push(
          (await uploadMedia({ path: { code: room.project.code }, body, throwOnError: true })).data.id,
        );
      }
      const known = room.rows.get(id)?.reference_images ?? [];
      const reference_images = [...new Set([...known, ...media])].slice(0, MOST_REFERENCES);
      room.desk.edit({
        name: "paste",
        changes: [{ id, send: { reference_images }, show: { reference_images } }],
      });
    },
    onError: (error) => toast.error(errorText(error)),
  });

  const stuck =
    view.sorts.length > 0
      ? t("table.stuckSorted")
      : view.group !== null && view.group !== "sequence"
        ? t("table.stuckGrouped")
        : undefined;

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1" data-table>
        <ShotGrid
          rows={room.rows}
          lines={lines}
          columns={columns}
          bible={room.bible}
          jobs={props.jobs}
          pinned={Math.min(view.pinned, columns.length)}
          rowHeight={HEIGHTS[view.height]}
          coloured={view.colour === "status"}
          selection={selection}
          stuck={stuck}
          covered={menu !== undefined || acts.review !== undefined}
          others={props.others}
          onSelection={select}
          onOpen={props.onOpen}
          onFold={props.onFold}
          onResize={(key, width) =>
            onView({ columns: view.columns.map((one) => (one.key === key ? { ...one, width } : one)) })
          }
          onReorder={(from, to) => onView({ columns: reordered(view, columns[from]?.key, columns[to]?.key) })}
          onHeaderMenu={(key, at) => setMenu({ key, at })}
          onMoveLines={acts.moveLines}
          onFill={acts.drag}
          onAct={acts.act}
          onFiles={(id, files) => upload.mutate({ id, files })}
        />
      </div>
      <StatusLine
        room={room}
        lines={lines}
        areas={areasOf(selection, columns.length, lines.length)}
        stuck={stuck}
        onInsert={acts.insert}
      />
      {menu && (
        <HeaderMenu
          column={menu.key}
          at={menu.at}
          view={view}
          onView={onView}
          onClose={() => setMenu(undefined)}
        />
      )}
      {acts.review && (
        <Suspense>
          <ReviewDialog
            review={acts.review}
            bible={room.bible}
            code={room.project.code}
            onClose={acts.closeReview}
            onGoOn={(names, bible) => acts.review && acts.goOn(acts.review, names, bible)}
          />
        </Suspense>
      )}
    </div>
  );
});

function reordered({ columns }: TableView, moved: ColumnKey | undefined, to: ColumnKey | undefined) {
  const from = columns.findIndex(({ key }) => key === moved);
  const place = columns.findIndex(({ key }) => key === to);
  const one = columns[from];
  if (one === undefined || place < 0) return columns;
  const rest = columns.filter((_, index) => index !== from);
  rest.splice(place, 0, one);
  return rest;
}
