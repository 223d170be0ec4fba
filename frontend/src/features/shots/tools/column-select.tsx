import { useTranslation } from "react-i18next";
import { COLUMNS, type ColumnKey } from "@/features/shots/table/columns";
import { Select } from "@/ui/field";

/** A column of which there is something to say: not the picture. */
export function ColumnSelect(props: { label: string; value: ColumnKey; onColumn: (key: ColumnKey) => void }) {
  const { t } = useTranslation();
  return (
    <Select
      className="w-40!"
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onColumn(event.target.value as ColumnKey)}
    >
      {COLUMNS.filter(({ kind }) => kind !== "panel").map(({ key }) => (
        <option key={key} value={key}>
          {t(`table.column.${key}`)}
        </option>
      ))}
    </Select>
  );
}
