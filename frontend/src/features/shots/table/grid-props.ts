import type { GridSelection, Rectangle } from "@glideapps/glide-data-grid";
import type { JobView } from "@/api";
import type { ShotRows } from "@/features/shots/rows";
import type { Bible } from "./bible";
import type { Area } from "./block-edit";
import type { Pasted } from "./clipboard";
import type { Column, ColumnKey } from "./columns";
import type { Line } from "./lines";

export interface ShotGridProps {
  rows: ShotRows;
  lines: readonly Line[];
  columns: readonly (Column & { width: number })[];
  bible: Bible;
  jobs: ReadonlyMap<string, JobView>;
  pinned: number;
  rowHeight: number;
  coloured: boolean;
  selection: GridSelection;
  /** Why lines cannot be dragged now. */
  stuck: string | undefined;
  /** Something lies over the table; when it is gone, the keys are the table's again. */
  covered: boolean;
  others: readonly { shot_id: string | null; field: string | null; name: string }[];
  onSelection: (selection: GridSelection) => void;
  onOpen: (id: string) => void;
  onFold: (value: string) => void;
  onResize: (key: ColumnKey, width: number) => void;
  onReorder: (from: number, to: number) => void;
  onHeaderMenu: (key: ColumnKey, at: Rectangle) => void;
  onMoveLines: (from: number, to: number) => void;
  onFill: (source: Area, destination: Area) => void;
  onAct: (act: GridAct) => void;
  onFiles: (id: string, files: readonly File[]) => void;
}

/** What keys and the clipboard ask for. */
export type GridAct =
  | { is: "put"; block: Pasted; area: Area; name: "type" | "paste" }
  | { is: "clear" | "cut"; areas: readonly Area[] }
  | { is: "fill"; area: Area; to: "down" | "right" }
  | { is: "undo" | "redo" | "find" | "generate" | "insert" | "duplicate" | "remove" }
  | { is: "move"; by: -1 | 1 };
