import clsx from "clsx";
import { Check, PenLine } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdStyles } from "@/api";
import { useLanguage } from "@/i18n";
import { Input } from "@/ui/field";
import { chosen } from "./form";
import { letterOf } from "./letters";

interface StyleChipsProps {
  kind: "background" | "lettering" | "solid";
  label: string;
  styles: AdStyles["backgrounds"];
  value: readonly string[];
  /** So many may be chosen at once. */
  variants: number;
  onChange: (value: readonly string[]) => void;
}

/** Styles to choose from by their pictures, or in one's own words. */
export function StyleChips({ kind, label, styles, value, variants, onChange }: StyleChipsProps) {
  const { t } = useTranslation("ads");
  const language = useLanguage();
  const own = value.find((words) => !styles.some(({ id }) => id === words));
  const [writing, setWriting] = useState(own !== undefined);
  const wide = kind !== "background";

  function write(words: string) {
    const others = value.filter((one) => one !== own);
    if (words !== "") onChange(variants === 1 ? [words] : [...others, words].slice(-variants));
    else onChange(others.length > 0 ? others : [styles[0]?.id ?? ""]);
  }
  return (
    <div role="group" aria-label={label} className="grid gap-2">
      <div className="grid grid-cols-3 gap-2">
        {styles.map((style) => {
          const place = value.indexOf(style.id);
          return (
            <button
              key={style.id}
              type="button"
              aria-pressed={place >= 0}
              onClick={() => onChange(chosen(value, style.id, variants))}
              className={clsx(
                "group relative overflow-hidden rounded-lg border text-left",
                place >= 0 ? "border-accent ring-1 ring-accent" : "border-line hover:border-line-strong",
              )}
            >
              <img
                src={`/ads/${kind}-${style.id}.webp`}
                alt=""
                width={240}
                height={wide ? 160 : 240}
                loading="lazy"
                draggable={false}
                className={clsx("w-full bg-sunken object-cover", wide ? "aspect-3/2" : "aspect-square")}
              />
              <span className="block truncate px-1.5 py-1 text-xs">{style[language]}</span>
              {place >= 0 && (
                <span
                  aria-hidden
                  className="absolute top-1 right-1 flex size-5 items-center justify-center rounded-full bg-accent-fill text-2xs font-bold text-accent-ink [&_svg]:size-3"
                >
                  {variants > 1 && value.length > 1 ? letterOf(place + 1) : <Check />}
                </span>
              )}
            </button>
          );
        })}
      </div>
      {writing ? (
        <Input
          aria-label={t(`${kind}.own`)}
          placeholder={t(`${kind}.ownExample`)}
          maxLength={200}
          value={own ?? ""}
          autoFocus={own === undefined}
          onChange={({ target }) => write(target.value)}
        />
      ) : (
        <button
          type="button"
          onClick={() => setWriting(true)}
          className="inline-flex items-center gap-1.5 justify-self-start rounded px-1 py-0.5 text-xs text-soft hover:text-ink [&_svg]:size-3.5"
        >
          <PenLine aria-hidden />
          {t("ownWords")}
        </button>
      )}
    </div>
  );
}
