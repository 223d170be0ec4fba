import { Dices } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/i18n";
import { IconButton } from "@/ui/button";
import { Check, Field, Input, Select, TextArea } from "@/ui/field";
import { FileParameter } from "./file-parameter";
import { type Parameter, wrongOf } from "./request";

interface ParameterFieldProps {
  project: string;
  name: string;
  parameter: Parameter;
  value: unknown;
  /** What the master said of it. */
  error: string | undefined;
  onChange: (value: unknown) => void;
}

/** One parameter of a workflow, with the control that its file asks for. */
export function ParameterField({ project, name, parameter, value, error, onChange }: ParameterFieldProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const label = parameter.label[language];
  const help = parameter.help?.[language];
  const wrong = wrongOf(parameter, value);
  const said = wrong ? t(`generate.${wrong.key}`, { ...wrong }) : error;
  const ofShot = "source" in parameter && parameter.source !== null;

  if (parameter.type === "boolean")
    return (
      <Check
        name={name}
        label={label}
        help={said ?? help}
        className="self-center"
        checked={typeof value === "boolean" ? value : (parameter.default ?? false)}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  return (
    <Field
      label={label}
      help={help}
      error={said}
      className={parameter.type === "text" ? "col-span-full" : ""}
    >
      {(ids) => {
        switch (parameter.type) {
          case "text": {
            const Control = parameter.form === "text_area" ? TextArea : Input;
            return (
              <Control
                {...ids}
                name={name}
                {...(parameter.form === "text_area" && { rows: 2 })}
                maxLength={parameter.max_length}
                placeholder={ofShot ? t("generate.fromShot") : parameter.default}
                value={typeof value === "string" ? value : ""}
                onChange={(event: { target: { value: string } }) => onChange(event.target.value || undefined)}
              />
            );
          }
          case "integer":
          case "number":
            return <Amount ids={ids} name={name} parameter={parameter} value={value} onChange={onChange} />;
          case "choice":
            return (
              <Select
                {...ids}
                name={name}
                value={typeof value === "string" ? value : parameter.default}
                onChange={(event) => onChange(event.target.value)}
              >
                {Object.entries(parameter.options).map(([key, option]) => (
                  <option key={key} value={key}>
                    {option[language]}
                  </option>
                ))}
              </Select>
            );
          case "seed":
            return (
              <span className="flex gap-1.5">
                <Input
                  {...ids}
                  name={name}
                  inputMode="numeric"
                  placeholder={t("generate.seedDrawn")}
                  value={typeof value === "number" ? String(value) : ""}
                  onChange={({ target }) => onChange(readSeed(target.value))}
                />
                <IconButton label={t("generate.dice")} look="plain" onClick={() => onChange(drawSeed())}>
                  <Dices />
                </IconButton>
              </span>
            );
          case "file":
            return (
              <FileParameter
                ids={ids}
                project={project}
                parameter={parameter}
                value={value}
                onChange={onChange}
              />
            );
          case "shot":
          case "clips":
          case "loras":
            return null;
        }
      }}
    </Field>
  );
}

interface AmountProps {
  ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean };
  name: string;
  parameter: Extract<Parameter, { type: "integer" | "number" }>;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** A number with its step and limits, and a slider beside it where the file asks for one. */
function Amount({ ids, name, parameter, value, onChange }: AmountProps) {
  const { t } = useTranslation();
  const { min, max, step } = parameter;
  const ofShot = "source" in parameter && parameter.source !== null;
  const shown = typeof value === "number" ? value : undefined;
  const start = parameter.default ?? min;
  const left = ofShot || parameter.default === undefined || parameter.default === null;
  return (
    <span className="flex items-center gap-2.5">
      {parameter.form === "slider" && (
        <input
          type="range"
          tabIndex={-1}
          aria-hidden
          min={min}
          max={max}
          step={step}
          value={shown ?? start}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          className="min-w-0 flex-1 accent-(--accent)"
        />
      )}
      <Input
        {...ids}
        name={name}
        type="number"
        min={min}
        max={max}
        step={step}
        placeholder={left ? t("generate.auto") : String(start)}
        value={shown ?? ""}
        onChange={({ target }) => onChange(target.value === "" ? undefined : target.valueAsNumber)}
        className={parameter.form === "slider" ? "w-20! shrink-0" : ""}
      />
    </span>
  );
}

const readSeed = (text: string): number | undefined => {
  const digits = text.replaceAll(/\D/g, "").slice(0, 15);
  return digits === "" ? undefined : Number(digits);
};

const drawSeed = (): number => Math.floor(Math.random() * 2 ** 31);
