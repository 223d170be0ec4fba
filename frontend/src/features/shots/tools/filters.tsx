import { ListFilter, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SHOT_STATUSES } from "@/api/statuses";
import type { Bible } from "@/features/shots/table/bible";
import { columnOf } from "@/features/shots/table/columns";
import { type Filter, type Operator, OPERATORS } from "@/features/shots/table/view";
import { Button, IconButton } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { Popover } from "@/ui/popover";
import { ColumnSelect } from "./column-select";

interface FiltersProps {
  filters: readonly Filter[];
  bible: Bible;
  onFilters: (filters: Filter[]) => void;
}

const NUMBERS: readonly Operator[] = ["more", "less"];
const WITHOUT_VALUE: readonly Operator[] = ["empty", "filled"];

/** Each line must hold. */
export function Filters({ filters, bible, onFilters }: FiltersProps) {
  const { t } = useTranslation();
  const change = (place: number, changed: Partial<Filter>) =>
    onFilters(filters.map((filter, index) => (index === place ? { ...filter, ...changed } : filter)));
  return (
    <Popover
      label={t("table.filter.title")}
      trigger={
        <Button look={filters.length > 0 ? "plain" : "quiet"} icon={<ListFilter />}>
          {filters.length > 0 ? t("table.filter.count", { count: filters.length }) : t("table.filter.title")}
        </Button>
      }
    >
      <ul className="flex flex-col gap-2">
        {filters.map((filter, place) => (
          <li key={place} className="flex items-center gap-2">
            <ColumnSelect
              label={t("table.filter.column")}
              value={filter.key}
              onColumn={(key) => change(place, { key, value: "" })}
            />
            <Select
              className="w-32!"
              aria-label={t("table.filter.operator")}
              value={filter.op}
              onChange={(event) => change(place, { op: event.target.value as Operator })}
            >
              {OPERATORS.filter(
                (op) => columnOf(filter.key).order !== undefined || !NUMBERS.includes(op),
              ).map((op) => (
                <option key={op} value={op}>
                  {t(`table.filter.op.${op}`)}
                </option>
              ))}
            </Select>
            {!WITHOUT_VALUE.includes(filter.op) && (
              <Value filter={filter} bible={bible} onValue={(value) => change(place, { value })} />
            )}
            <IconButton
              size="sm"
              label={t("table.filter.remove")}
              onClick={() => onFilters(filters.filter((_, index) => index !== place))}
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
        onClick={() => onFilters([...filters, { key: "status", op: "is", value: "pending" }])}
      >
        {t("table.filter.add")}
      </Button>
    </Popover>
  );
}

function Value({
  filter,
  bible,
  onValue,
}: {
  filter: Filter;
  bible: Bible;
  onValue: (value: string) => void;
}) {
  const { t } = useTranslation();
  const column = columnOf(filter.key);
  const exact = filter.op === "is" || filter.op === "isNot";
  const choices =
    column.kind === "status"
      ? SHOT_STATUSES.map((status) => ({ value: status as string, label: t(`status.shot.${status}`) }))
      : column
          .choices?.(bible)
          .map(({ value, label }) => ({ value, label: label ? `${value} · ${label}` : value }));
  if (exact && choices)
    return (
      <Select
        className="w-44!"
        aria-label={t("table.filter.value")}
        value={filter.value}
        onChange={(event) => onValue(event.target.value)}
      >
        <option value="">{t("table.noValue")}</option>
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    );
  return (
    <Input
      className="w-44!"
      aria-label={t("table.filter.value")}
      value={filter.value}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
