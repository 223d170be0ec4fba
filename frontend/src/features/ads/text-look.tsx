import clsx from "clsx";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Switcher } from "@/ui/field";
import { type AdForm, POSITIONS } from "./form";

interface TextLookProps {
  form: AdForm;
  onChange: (changed: Partial<AdForm>) => void;
}

const COLOURS = [
  ["white", "#ffffff"],
  ["black", "#1a1a1a"],
  ["yellow", "#ffd23f"],
  ["red", "#e5383b"],
  ["blue", "#2b6fd6"],
  ["green", "#2d9a5f"],
] as const;

/** Where the words stand, and their colour. */
export function TextLook({ form, onChange }: TextLookProps) {
  const { t } = useTranslation("ads");
  const mixed = form.colour !== "" && !COLOURS.some(([, value]) => value === form.colour);
  return (
    <div className="grid gap-3">
      <div>
        <p className="mb-1 text-xs font-medium text-soft">{t("position.title")}</p>
        <Switcher
          label={t("position.title")}
          value={form.position}
          onChoose={(position) => onChange({ position })}
          choices={POSITIONS.map((value) => ({
            value,
            name: t(`position.${value}`),
            label: t(`position.${value}`),
          }))}
        />
      </div>
      {!form.solid && (
        <div>
          <p className="mb-1 text-xs font-medium text-soft">{t("colour.title")}</p>
          <div role="group" aria-label={t("colour.title")} className="flex flex-wrap items-center gap-1.5">
            <button
              type="button"
              aria-pressed={form.colour === ""}
              onClick={() => onChange({ colour: "" })}
              className="h-7 rounded-md border border-line px-2 text-xs text-soft hover:text-ink aria-pressed:border-accent aria-pressed:text-ink aria-pressed:ring-1 aria-pressed:ring-accent"
            >
              {t("colour.auto")}
            </button>
            {COLOURS.map(([name, value]) => (
              <button
                key={name}
                type="button"
                aria-pressed={form.colour === value}
                aria-label={t(`colour.${name}`)}
                title={t(`colour.${name}`)}
                onClick={() => onChange({ colour: value })}
                className="flex size-7 items-center justify-center rounded-full border border-line-strong aria-pressed:ring-2 aria-pressed:ring-accent"
                style={{ background: value }}
              >
                {form.colour === value && (
                  <Check
                    aria-hidden
                    className={clsx(
                      "size-4",
                      name === "white" || name === "yellow" ? "text-black" : "text-white",
                    )}
                  />
                )}
              </button>
            ))}
            <label className="relative inline-flex h-7 items-center gap-1.5 rounded-md border border-line px-2 text-xs text-soft hover:text-ink">
              <span
                aria-hidden
                className={clsx("size-3.5 rounded-full border border-line-strong", !mixed && "bg-sunken")}
                style={mixed ? { background: form.colour } : undefined}
              />
              {t("colour.other")}
              <input
                type="color"
                value={mixed ? form.colour : "#ff8800"}
                onChange={({ target }) => onChange({ colour: target.value })}
                className="absolute inset-0 size-full opacity-0"
              />
            </label>
          </div>
        </div>
      )}
    </div>
  );
}
