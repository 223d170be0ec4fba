import { type CustomCell, type GridCell, GridCellKind } from "@glideapps/glide-data-grid";
import type { ShotStatus, ShotView } from "@/api";
import type { Place } from "@/features/shots/rows";
import type { Bible } from "./bible";
import type { Column } from "./columns";

export interface PanelData {
  is: "panel";
  url: string | null;
  /** 0 to 1 while a job draws it. */
  progress: number | null;
  stale: boolean;
}
export interface StatusData {
  is: "status";
  status: ShotStatus;
  label: string;
}
export interface ChipsData {
  is: "chips";
  chips: readonly { name: string; note: string }[];
  round: boolean;
}
export interface PicturesData {
  is: "pictures";
  urls: readonly string[];
}
export interface RatingData {
  is: "rating";
  stars: number;
}
export interface LinesData {
  is: "lines";
  text: string;
  /** It follows from other cells. */
  faded: boolean;
}
export type CellData = PanelData | StatusData | ChipsData | PicturesData | RatingData | LinesData;
export type ShotCell = CustomCell<CellData>;

export interface CellContext {
  bible: Bible;
  place: Place | undefined;
  progress: number | null;
  tall: boolean;
  statusLabel: (status: ShotStatus) => string;
}

const custom = (data: CellData, copyData: string): ShotCell => ({
  kind: GridCellKind.Custom,
  allowOverlay: false,
  data,
  copyData,
  readonly: true,
});

export function cellOf(column: Column, shot: ShotView, context: CellContext): GridCell {
  const text = column.text(shot, context.bible, context.place);
  switch (column.kind) {
    case "panel":
      return custom(
        { is: "panel", url: shot.thumbnail_url, progress: context.progress, stale: shot.stale },
        text,
      );
    case "status":
      return custom({ is: "status", status: shot.status, label: context.statusLabel(shot.status) }, text);
    case "cast":
      return custom(
        {
          is: "chips",
          chips: shot.characters.map(({ name, look_name }) => ({ name, note: look_name })),
          round: false,
        },
        text,
      );
    case "tags":
      return custom({ is: "chips", chips: shot.tags.map((name) => ({ name, note: "" })), round: true }, text);
    case "rating":
      return custom({ is: "rating", stars: shot.rating }, text);
    case "pictures":
      return custom({ is: "pictures", urls: shot.reference_images.map((id) => `/api/media/${id}`) }, text);
    case "number":
    case "timecode":
      return written(text, column, { contentAlign: "right" });
    case "long":
    case "formula": {
      const faded = column.kind === "formula";
      return context.tall
        ? custom({ is: "lines", text, faded }, text)
        : written(text, column, faded ? { style: "faded" } : {});
    }
    case "text":
    case "choice":
      return written(text, column, {});
  }
}

function written(
  text: string,
  { write }: Column,
  more: { contentAlign?: "right"; style?: "faded" },
): GridCell {
  return {
    kind: GridCellKind.Text,
    allowOverlay: false,
    data: text,
    displayData: text,
    readonly: write === undefined,
    ...more,
  };
}

/** The head of a group, over all columns. */
export const groupCell = (label: string, columns: number): GridCell => ({
  kind: GridCellKind.Text,
  allowOverlay: false,
  data: label,
  displayData: label,
  readonly: true,
  span: [0, columns - 1],
});
