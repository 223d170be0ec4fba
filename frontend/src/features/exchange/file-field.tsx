import { FileSpreadsheet } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DropFile } from "@/ui/drop-file";

const SUFFIXES = [".xlsx", ".csv", ".json"];

export const isReadable = ({ name }: File): boolean =>
  SUFFIXES.some((suffix) => name.toLowerCase().endsWith(suffix));

/** A place for one shot list. */
export function FileField({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation();
  return (
    <DropFile accept={SUFFIXES.join(",")} onFile={onFile} className="flex-col gap-1.5 px-6 py-14 text-center">
      <FileSpreadsheet className="mb-2 size-9 stroke-[1.25] text-accent" aria-hidden />
      <span className="text-base font-semibold">{t("import.drop")}</span>
      <span className="text-xs text-soft">{t("import.dropHelp")}</span>
      <span className="mt-4 rounded-md border border-line bg-raised px-3 py-1.5 text-[0.8125rem]">
        {t("import.choose")}
      </span>
    </DropFile>
  );
}
