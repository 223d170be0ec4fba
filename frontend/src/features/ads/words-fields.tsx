import clsx from "clsx";
import { useTranslation } from "react-i18next";
import { Field, Input } from "@/ui/field";
import { type AdForm, lengthOf, MOST_UNDER } from "./form";

interface WordsFieldsProps {
  form: AdForm;
  limit: number;
  /** What the master said of them. */
  errors: Partial<Record<"words" | "under", string | undefined>>;
  onChange: (changed: Partial<AdForm>) => void;
}

/** The headline, with how long it is, and a line below it for whoever wants one. */
export function WordsFields({ form, limit, errors, onChange }: WordsFieldsProps) {
  const { t } = useTranslation("ads");
  return (
    <div className="grid gap-3">
      <Line
        label={t("words.headline")}
        placeholder={t("words.example")}
        value={form.words}
        most={limit}
        error={errors.words}
        onChange={(words) => onChange({ words })}
      />
      {!form.solid && (
        <Line
          label={t("words.under")}
          placeholder={t("words.underExample")}
          value={form.under}
          most={MOST_UNDER}
          error={errors.under}
          onChange={(under) => onChange({ under })}
        />
      )}
    </div>
  );
}

function Line(props: {
  label: string;
  placeholder: string;
  value: string;
  most: number;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation("ads");
  const length = lengthOf(props.value);
  const over = length - props.most;
  const error = over > 0 ? t("words.over", { over, most: props.most }) : props.error;
  return (
    <Field label={props.label} error={error} className="relative">
      {(ids) => (
        <>
          <Input
            {...ids}
            value={props.value}
            placeholder={props.placeholder}
            onChange={({ target }) => props.onChange(target.value)}
          />
          <span
            className={clsx(
              "timecode absolute top-0 right-0 text-2xs",
              over > 0 ? "text-tone-bad" : "text-faint",
            )}
          >
            {length}/{props.most}
          </span>
        </>
      )}
    </Field>
  );
}
