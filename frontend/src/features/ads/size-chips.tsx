import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { AdStyles } from "@/api";

interface SizeChipsProps {
  sizes: AdStyles["sizes"];
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
}

const KNOWN = {
  "1:1": "square",
  "4:5": "feed",
  "9:16": "story",
  "16:9": "wide",
  "800x1200": "detail",
} as const;

/** Sizes, drawn in their proportions and told by where they are used; several make a picture each. */
export function SizeChips({ sizes, value, onChange }: SizeChipsProps) {
  const { t } = useTranslation("ads");
  function toggle(name: string) {
    const rest = value.filter((one) => one !== name);
    if (rest.length === value.length) onChange([...value, name]);
    else if (rest.length > 0) onChange(rest);
  }
  return (
    <div role="group" aria-label={t("sizes.title")} className="grid grid-cols-5 gap-1.5">
      {sizes.map(({ name, width, height }) => {
        const on = value.includes(name);
        const use = KNOWN[name as keyof typeof KNOWN];
        return (
          <button
            key={name}
            type="button"
            aria-pressed={on}
            title={`${width} × ${height}`}
            onClick={() => toggle(name)}
            className={clsx(
              "flex flex-col items-center gap-1 rounded-lg border px-1 pt-2 pb-1.5",
              on ? "border-accent bg-accent-soft ring-1 ring-accent" : "border-line hover:border-line-strong",
            )}
          >
            <span aria-hidden className="flex h-9 items-center justify-center">
              <span
                className={clsx("block rounded-[2px] border-2", on ? "border-accent" : "border-line-strong")}
                style={{ aspectRatio: `${width} / ${height}`, [width > height ? "width" : "height"]: "2rem" }}
              />
            </span>
            <span className="timecode text-2xs">{name.replace("x", "×")}</span>
            {use && (
              <span className="text-center text-2xs leading-tight text-faint">{t(`sizes.${use}`)}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}
