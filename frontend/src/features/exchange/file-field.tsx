import clsx from "clsx";
import { FileSpreadsheet } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

const SUFFIXES = [".xlsx", ".csv", ".json"];

export const isReadable = ({ name }: File): boolean =>
  SUFFIXES.some((suffix) => name.toLowerCase().endsWith(suffix));

/** A place for one file: dropped, or chosen. */
export function FileField({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
      className={clsx(
        "flex flex-col items-center gap-1.5 rounded-xl border border-dashed px-6 py-14 text-center transition-colors",
        "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        over ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
      )}
    >
      <FileSpreadsheet className="mb-2 size-9 stroke-[1.25] text-accent" aria-hidden />
      <span className="text-base font-semibold">{t("import.drop")}</span>
      <span className="text-xs text-soft">{t("import.dropHelp")}</span>
      <span className="mt-4 rounded-md border border-line bg-raised px-3 py-1.5 text-[0.8125rem]">
        {t("import.choose")}
      </span>
      <input
        id={id}
        type="file"
        accept={SUFFIXES.join(",")}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
