import { ArrowDownUp, Columns3, Plus, Rows3, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { COLUMNS, type ColumnKey } from "@/features/shots/table/columns";
import { HEIGHTS, type RowHeight, type Sort, type TableView } from "@/features/shots/table/view";
import { Button, IconButton } from "@/ui/button";
import { Check, Select, Switcher } from "@/ui/field";
import { Popover } from "@/ui/popover";
import { ColumnSelect } from "./column-select";

interface ArrangeProps {
  view: TableView;
  onView: (changed: Partial<TableView>) => void;
}

export function Sorts({ view, onView }: ArrangeProps) {
  const { t } = useTranslation();
  const { sorts } = view;
  const change = (place: number, changed: Partial<Sort>) =>
    onView({ sorts: sorts.map((sort, index) => (index === place ? { ...sort, ...changed } : sort)) });
  return (
    <Popover
      label={t("table.sort.title")}
      trigger={
        <Button look={sorts.length > 0 ? "plain" : "quiet"} icon={<ArrowDownUp />}>
          {sorts.length > 0 ? t("table.sort.count", { count: sorts.length }) : t("table.sort.title")}
        </Button>
      }
    >
      <ul className="flex flex-col gap-2">
        {sorts.map((sort, place) => (
          <li key={place} className="flex items-center gap-2">
            <ColumnSelect
              label={t("table.sort.by")}
              value={sort.key}
              onColumn={(key) => change(place, { key })}
            />
            <Switcher
              label={t("table.sort.direction")}
              value={sort.down ? "down" : "up"}
              onChoose={(direction) => change(place, { down: direction === "down" })}
              choices={[
                { value: "up", name: t("table.menu.sortUp"), label: "↑" },
                { value: "down", name: t("table.menu.sortDown"), label: "↓" },
              ]}
            />
            <IconButton
              size="sm"
              label={t("table.sort.remove")}
              onClick={() => onView({ sorts: sorts.filter((_, index) => index !== place) })}
            >
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      <Button
        size="sm"
        look="quiet"
        className="mt-2"
        icon={<Plus />}
        onClick={() => onView({ sorts: [...sorts, { key: "frame_count", down: false }] })}
      >
        {t("table.sort.add")}
      </Button>
      <p className="mt-2 max-w-64 text-xs text-faint">{t("table.sort.help")}</p>
    </Popover>
  );
}

export function Groups({ view, onView }: ArrangeProps) {
  const { t } = useTranslation();
  return (
    <label className="flex items-center gap-1.5 text-xs text-soft">
      <Rows3 className="size-4" aria-hidden />
      <span className="sr-only">{t("table.group")}</span>
      <Select
        className="w-auto!"
        value={view.group ?? ""}
        onChange={(event) => onView({ group: (event.target.value || null) as ColumnKey | null })}
      >
        <option value="">{t("table.noGroup")}</option>
        {COLUMNS.filter(({ kind }) => ["choice", "status", "cast", "rating", "tags"].includes(kind)).map(
          ({ key }) => (
            <option key={key} value={key}>
              {t("table.groupBy", { column: t(`table.column.${key}`) })}
            </option>
          ),
        )}
      </Select>
    </label>
  );
}

export function Fields({ view, onView }: ArrangeProps) {
  const { t } = useTranslation();
  const hidden = view.columns.filter((one) => one.hidden).length;
  return (
    <Popover
      label={t("table.fields.title")}
      trigger={
        <Button look="quiet" icon={<Columns3 />}>
          {hidden > 0 ? t("table.fields.count", { count: hidden }) : t("table.fields.title")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <Switcher
          label={t("table.fields.height")}
          value={view.height}
          onChoose={(height) => onView({ height })}
          choices={(Object.keys(HEIGHTS) as RowHeight[]).map((value) => ({
            value,
            name: t(`table.fields.heights.${value}`),
            label: t(`table.fields.heights.${value}`),
          }))}
        />
        <Check
          label={t("table.fields.colour")}
          checked={view.colour === "status"}
          onChange={(event) => onView({ colour: event.target.checked ? "status" : "none" })}
        />
        <ul className="grid grid-cols-2 gap-x-6 gap-y-1.5 border-t border-line pt-3">
          {view.columns.map(({ key, hidden: isHidden }) => (
            <li key={key}>
              <Check
                label={t(`table.column.${key}`)}
                checked={!isHidden}
                onChange={(event) =>
                  onView({
                    columns: view.columns.map((one) =>
                      one.key === key ? { ...one, hidden: !event.target.checked } : one,
                    ),
                  })
                }
              />
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
