import { ListFilter, Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SHOT_STATUSES } from "@/api/statuses";
import type { Bible } from "@/features/shots/table/bible";
import { columnOf } from "@/features/shots/table/columns";
import { readTags, sameTag, writeTagText } from "@/features/shots/table/marks";
import { type Filter, filterOf, type Operator, operatorsOf } from "@/features/shots/table/view";
import { Button, IconButton } from "@/ui/button";
import { Check, Input, Select } from "@/ui/field";
import { Popover } from "@/ui/popover";
import { ColumnSelect } from "./column-select";

interface FiltersProps {
  filters: readonly Filter[];
  bible: Bible;
  onFilters: (filters: Filter[]) => void;
}

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
              onColumn={(key) => change(place, filterOf(key, filter.op))}
            />
            <Select
              className="w-32!"
              aria-label={t("table.filter.operator")}
              value={filter.op}
              onChange={(event) => change(place, { op: event.target.value as Operator })}
            >
              {operatorsOf(columnOf(filter.key)).map((op) => (
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
  if (column.kind === "tags") return <TagChoice tags={bible.tags()} value={filter.value} onValue={onValue} />;
  const exact = column.kind === "rating" || filter.op === "is" || filter.op === "isNot";
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

/** Which tags are meant: those of the project to tick, also ones that no shot has any more. */
function TagChoice({
  tags,
  value,
  onValue,
}: {
  tags: readonly string[];
  value: string;
  onValue: (value: string) => void;
}) {
  const { t } = useTranslation();
  const chosen = readTags(value);
  const all = readTags([...tags, ...chosen].join(","));
  if (all.length === 0) return <span className="text-xs text-faint">{t("table.filter.noTags")}</span>;
  return (
    <fieldset className="max-h-44 w-44 overflow-y-auto rounded-md border border-line bg-field p-2">
      <legend className="sr-only">{t("table.filter.value")}</legend>
      {all.map((tag) => (
        <Check
          key={tag}
          label={tag}
          checked={chosen.some((one) => sameTag(one) === sameTag(tag))}
          onChange={(event) =>
            onValue(
              writeTagText(
                event.target.checked
                  ? [...chosen, tag]
                  : chosen.filter((one) => sameTag(one) !== sameTag(tag)),
              ),
            )
          }
        />
      ))}
    </fieldset>
  );
}
