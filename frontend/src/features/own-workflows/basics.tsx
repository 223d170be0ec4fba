import { useTranslation } from "react-i18next";
import type { OwnDraft, OwnNeeds } from "@/api";
import { Field, Input, Select } from "@/ui/field";
import type { Problems } from "./problems";
import type { Form } from "./rows";

interface BasicsProps {
  form: Form;
  problems: Problems;
  onChange: (form: Form) => void;
}

const TEXTS = ["title_ko", "title_en", "description_ko", "description_en"] as const;
const NEEDS = ["vram_gb", "ram_gb", "timeout_min"] as const;
const LABELS = {
  title_ko: "titleKo",
  title_en: "titleEn",
  description_ko: "descriptionKo",
  description_en: "descriptionEn",
  vram_gb: "vram",
  ram_gb: "ram",
  timeout_min: "timeout",
} as const;

/** What the workflow is called, what comes out, and what it takes. */
export function Basics({ form, problems, onChange }: BasicsProps) {
  const { t } = useTranslation("own");
  const { draft } = form;
  const change = (changed: Partial<OwnDraft>) => onChange({ ...form, draft: { ...draft, ...changed } });
  const need = (name: keyof OwnNeeds, value: number) =>
    change({ needs: { ...draft.needs, [name]: Number.isNaN(value) ? 0 : value } });
  return (
    <section aria-label={t("about")} className="rounded-xl border border-line bg-surface p-5">
      <h2 className="text-sm font-semibold">{t("about")}</h2>
      <div className="mt-4 grid grid-cols-1 items-start gap-x-4 gap-y-4 sm:grid-cols-6">
        {TEXTS.map((name) => (
          <Field
            key={name}
            label={t(LABELS[name])}
            help={name === "title_en" ? t("titleEnHelp") : undefined}
            error={problems.at(name)}
            className="sm:col-span-3"
          >
            {(ids) => (
              <Input
                {...ids}
                autoComplete="off"
                maxLength={name.startsWith("title") ? 80 : 500}
                value={draft[name] ?? ""}
                onChange={({ target }) => change({ [name]: target.value })}
              />
            )}
          </Field>
        ))}
        {form.version === undefined && (
          <Field label={t("name")} help={t("nameHelp")} error={problems.at("name")} className="sm:col-span-3">
            {(ids) => (
              <Input
                {...ids}
                autoComplete="off"
                spellCheck={false}
                maxLength={40}
                className="font-mono"
                value={form.name}
                onChange={({ target }) => onChange({ ...form, name: target.value.toLowerCase() })}
              />
            )}
          </Field>
        )}
        <Field label={t("kind")} error={problems.at("kind")} className="sm:col-span-3">
          {(ids) => (
            <Select
              {...ids}
              value={draft.kind}
              onChange={({ target }) => change({ kind: target.value === "video" ? "video" : "image" })}
            >
              <option value="image">{t("kinds.image")}</option>
              <option value="video">{t("kinds.video")}</option>
            </Select>
          )}
        </Field>
        {NEEDS.map((name) => (
          <Field
            key={name}
            label={t(LABELS[name])}
            help={name === "vram_gb" ? t("vramHelp") : name === "timeout_min" ? t("timeoutHelp") : undefined}
            error={problems.at(`needs.${name}`)}
            className="sm:col-span-2"
          >
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={name === "timeout_min" ? 1 : 0}
                step={name === "timeout_min" ? 1 : 0.5}
                value={draft.needs?.[name] ?? 0}
                onChange={({ target }) => need(name, target.valueAsNumber)}
              />
            )}
          </Field>
        ))}
      </div>
    </section>
  );
}
