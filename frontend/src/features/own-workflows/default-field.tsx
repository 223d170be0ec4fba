import { useTranslation } from "react-i18next";
import type { ProposedInput } from "@/api";
import { Field, Input, Select, TextArea } from "@/ui/field";

interface DefaultFieldProps {
  row: ProposedInput;
  error: string | undefined;
  onChange: (value: NonNullable<ProposedInput["default"]> | null) => void;
}

/** What an input is when nothing is typed in. A file has none, nor has what the shot always fills. */
export function DefaultField({ row, error, onChange }: DefaultFieldProps) {
  const { t } = useTranslation("own");
  if (row.type === "file" || row.source === "prompt") return null;
  const value = row.default ?? null;
  return (
    <Field label={t("default")} error={error} className={row.type === "text" ? "col-span-full" : ""}>
      {(ids) => {
        switch (row.type) {
          case "boolean":
            return (
              <Select
                {...ids}
                value={String(value)}
                onChange={({ target }) => onChange(target.value === "true")}
              >
                <option value="true">{t("on")}</option>
                <option value="false">{t("off")}</option>
              </Select>
            );
          case "choice":
            return (
              <Select {...ids} value={String(value)} onChange={({ target }) => onChange(target.value)}>
                {(row.options ?? []).map((option) => (
                  <option key={option} value={option}>
                    {option}
                  </option>
                ))}
              </Select>
            );
          case "text":
            return (
              <TextArea
                {...ids}
                rows={2}
                value={typeof value === "string" ? value : ""}
                onChange={({ target }) => onChange(target.value)}
              />
            );
          default:
            return (
              <Input
                {...ids}
                type="number"
                step="any"
                placeholder={row.type === "seed" ? t("drawn") : undefined}
                value={typeof value === "number" ? value : ""}
                onChange={({ target }) => onChange(target.value === "" ? null : target.valueAsNumber)}
              />
            );
        }
      }}
    </Field>
  );
}
