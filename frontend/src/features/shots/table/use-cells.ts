import {
  type GridCell,
  type GridColumn,
  GridCellKind,
  type Item,
  type Theme,
} from "@glideapps/glide-data-grid";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { progressOf } from "@/api/live/progress";
import { cellOf, groupCell } from "./cells";
import { fillColour } from "./draw";
import type { ShotGridProps } from "./grid-props";

const GROUP = 34;

/** What stands in each cell, and how lines and columns look. */
export function useCells(props: ShotGridProps, theme: Partial<Theme>) {
  const { rows, lines, columns, bible, jobs } = props;
  const { t } = useTranslation();
  const getCellContent = useCallback(
    ([x, y]: Item): GridCell => {
      const line = lines[y];
      const column = columns[x];
      if (line?.is === "group") {
        const name = line.label || t("table.noValue");
        const label = `${line.folded ? "▸" : "▾"}  ${name}    ${t("projects.shots", { count: line.shots })}`;
        return groupCell(label, columns.length);
      }
      const shot = line && rows.get(line.id);
      if (!shot || !column) return { kind: GridCellKind.Loading, allowOverlay: false };
      const job = jobs.get(shot.id);
      return cellOf(column, shot, {
        bible,
        place: rows.placeOf(shot.id),
        progress: job ? (progressOf(job.id) ?? job.progress) : null,
        tall: props.rowHeight > 44,
        statusLabel: (status) => t(`status.shot.${status}`),
      });
    },
    [lines, columns, rows, bible, jobs, props.rowHeight, t],
  );

  const titles = useMemo(
    () =>
      columns.map(({ key, width }): GridColumn => ({
        id: key,
        title: t(`table.column.${key}`),
        width,
        hasMenu: true,
      })),
    [columns, t],
  );

  const rowTheme = useCallback(
    (y: number): Partial<Theme> | undefined => {
      const line = lines[y];
      if (line?.is === "group")
        return {
          bgCell: theme.bgHeader ?? "",
          baseFontStyle: "600 12.5px",
          textDark: theme.textMedium ?? "",
        };
      const shot = props.coloured && line ? rows.get(line.id) : undefined;
      return shot && { bgCell: `color-mix(in srgb, ${fillColour(shot.status)} 13%, ${theme.bgCell})` };
    },
    [lines, rows, props.coloured, theme],
  );

  const rowHeight = useMemo(
    () =>
      lines.some(({ is }) => is === "group")
        ? (y: number) => (lines[y]?.is === "group" ? GROUP : props.rowHeight)
        : props.rowHeight,
    [lines, props.rowHeight],
  );
  return { getCellContent, titles, rowTheme, rowHeight };
}
