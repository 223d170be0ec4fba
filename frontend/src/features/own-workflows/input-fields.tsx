import { useTranslation } from "react-i18next";
import type { ProposedInput } from "@/api";
import { Check, Field, Input, Select, TextArea } from "@/ui/field";
import { DefaultField } from "./default-field";
import { asType, RULES, type Source, SOURCES, typesOf } from "./rows";

interface InputFieldsProps {
  row: ProposedInput;
  said: (field: string) => string | undefined;
  onChange: (row: ProposedInput) => void;
}

/** How one input is asked: its labels, type, default, limits, and what fills it. */
export function InputFields({ row, said, onChange }: InputFieldsProps) {
  const { t } = useTranslation("own");
  const change = (changed: Partial<ProposedInput>) => onChange({ ...row, ...changed });
  const types = typesOf(row);
  const sources = SOURCES[row.type] ?? [];
  const isNumber = row.type === "integer" || row.type === "number";
  return (
    <div className="grid grid-cols-2 items-start gap-x-3 gap-y-3 px-3.5 pb-3.5 pl-10.5 sm:grid-cols-4 lg:grid-cols-6">
      <Field label={t("labelKo")} error={said("title_ko")} className="col-span-2 sm:col-span-1 lg:col-span-2">
        {(ids) => (
          <Input
            {...ids}
            maxLength={80}
            value={row.title_ko ?? ""}
            onChange={({ target }) => change({ title_ko: target.value })}
          />
        )}
      </Field>
      <Field label={t("labelEn")} error={said("title_en")} className="col-span-2 sm:col-span-1 lg:col-span-2">
        {(ids) => (
          <Input
            {...ids}
            maxLength={80}
            value={row.title_en ?? ""}
            onChange={({ target }) => change({ title_en: target.value })}
          />
        )}
      </Field>
      <Field label={t("type")} error={said("type")}>
        {(ids) => (
          <Select
            {...ids}
            value={row.type}
            onChange={({ target }) =>
              onChange(asType(row, types.find((type) => type === target.value) ?? row.type))
            }
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {t(`types.${type}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {sources.length > 0 && (
        <Field label={t("source")} error={said("source")}>
          {(ids) => (
            <Select
              {...ids}
              value={row.source ?? ""}
              onChange={({ target }) => change(filledFrom(sources.find((one) => one === target.value)))}
            >
              <option value="">{t(row.type === "file" ? "sources.file" : "sources.none")}</option>
              {sources.map((source) => (
                <option key={source} value={source}>
                  {t(`sources.${source}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <DefaultField row={row} error={said("default")} onChange={(value) => change({ default: value })} />
      {isNumber && <Limit label={t("min")} field="min" {...{ row, said, change }} />}
      {isNumber && <Limit label={t("max")} field="max" {...{ row, said, change }} />}
      {row.type === "integer" && (
        <Limit label={t("multiple")} field="multiple_of" {...{ row, said, change }} />
      )}
      {row.type === "choice" && (
        <Field label={t("options")} error={said("options")} className="col-span-2">
          {(ids) => (
            <TextArea
              {...ids}
              value={(row.options ?? []).join("\n")}
              onChange={({ target }) => change({ options: target.value.split("\n") })}
              onBlur={() => change({ options: (row.options ?? []).map((one) => one.trim()).filter(Boolean) })}
            />
          )}
        </Field>
      )}
      {row.source === "frame_count" && (
        <Field label={t("rule")} error={said("rule")} className="col-span-2">
          {(ids) => (
            <Select
              {...ids}
              value={row.rule ?? "value"}
              onChange={({ target }) =>
                change({ rule: RULES.find((rule) => rule === target.value) ?? "value" })
              }
            >
              {RULES.map((rule) => (
                <option key={rule} value={rule}>
                  {t(`rules.${rule}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Check
        label={t("advanced")}
        className="col-span-full"
        checked={row.advanced ?? false}
        onChange={({ target }) => change({ advanced: target.checked })}
      />
    </div>
  );
}

/** Without a source frames are a number like any other. */
const filledFrom = (source: Source | undefined): Partial<ProposedInput> =>
  source === "frame_count" ? { source } : { source: source ?? null, rule: "value" };

interface LimitProps extends Pick<InputFieldsProps, "row" | "said"> {
  label: string;
  field: "min" | "max" | "multiple_of";
  change: (changed: Partial<ProposedInput>) => void;
}

function Limit({ label, field, row, said, change }: LimitProps) {
  return (
    <Field label={label} error={said(field)}>
      {(ids) => (
        <Input
          {...ids}
          type="number"
          step="any"
          value={row[field] ?? ""}
          onChange={({ target }) => change({ [field]: target.value === "" ? null : target.valueAsNumber })}
        />
      )}
    </Field>
  );
}
