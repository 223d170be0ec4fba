import type { Rectangle } from "@glideapps/glide-data-grid";
import { ArrowDownAZ, ArrowUpAZ, EyeOff, ListFilter, PanelLeftClose, Rows3 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { MenuAt, MenuItem } from "@/ui/menu";
import type { ColumnKey } from "./columns";
import { filterOf, type TableView } from "./view";

interface HeaderMenuProps {
  column: ColumnKey;
  at: Rectangle;
  view: TableView;
  onView: (changed: Partial<TableView>) => void;
  onClose: () => void;
}

export function HeaderMenu({ column, at, view, onView, onClose }: HeaderMenuProps) {
  const { t } = useTranslation();
  const shown = view.columns.filter(({ hidden }) => !hidden);
  const place = shown.findIndex(({ key }) => key === column);
  const isPinned = place < view.pinned;
  return (
    <MenuAt x={at.x} y={at.y + at.height} label={t(`table.column.${column}`)} onClose={onClose}>
      <MenuItem icon={<ArrowDownAZ />} onChoose={() => onView({ sorts: [{ key: column, down: false }] })}>
        {t("table.menu.sortUp")}
      </MenuItem>
      <MenuItem icon={<ArrowUpAZ />} onChoose={() => onView({ sorts: [{ key: column, down: true }] })}>
        {t("table.menu.sortDown")}
      </MenuItem>
      <MenuItem
        icon={<ListFilter />}
        onChoose={() => onView({ filters: [...view.filters, filterOf(column, "has")] })}
      >
        {t("table.menu.filter")}
      </MenuItem>
      <MenuItem icon={<Rows3 />} onChoose={() => onView({ group: view.group === column ? null : column })}>
        {t(view.group === column ? "table.menu.ungroup" : "table.menu.group")}
      </MenuItem>
      <MenuItem
        icon={<PanelLeftClose />}
        onChoose={() => onView({ pinned: isPinned ? place : Math.min(4, place + 1) })}
      >
        {t(isPinned ? "table.menu.unpin" : "table.menu.pin")}
      </MenuItem>
      <MenuItem
        icon={<EyeOff />}
        onChoose={() =>
          onView({
            columns: view.columns.map((one) => (one.key === column ? { ...one, hidden: true } : one)),
          })
        }
      >
        {t("table.menu.hide")}
      </MenuItem>
    </MenuAt>
  );
}
