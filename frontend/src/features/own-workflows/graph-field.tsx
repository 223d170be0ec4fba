import clsx from "clsx";
import { Workflow } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DropFile } from "@/ui/drop-file";

/** A place for one graph. */
export function GraphField({ onFile, small }: { onFile: (file: File) => void; small?: boolean }) {
  const { t } = useTranslation("own");
  return (
    <DropFile
      accept=".json,.png,application/json,image/png"
      onFile={onFile}
      className={clsx(
        "cursor-pointer",
        small ? "gap-3 px-4 py-3" : "flex-col gap-1.5 px-6 py-12 text-center",
      )}
    >
      <Workflow
        className={clsx("shrink-0 stroke-[1.25] text-accent", small ? "size-6" : "mb-2 size-9")}
        aria-hidden
      />
      <span className={clsx("flex flex-col", small && "min-w-0 flex-1")}>
        <span className={small ? "text-[0.8125rem] font-medium" : "text-base font-semibold"}>
          {t(small ? "replace" : "drop")}
        </span>
        <span className="text-xs text-soft">{t(small ? "replaceHelp" : "dropHelp")}</span>
      </span>
      <span
        className={clsx(
          "rounded-md border border-line bg-raised px-3 py-1.5 text-[0.8125rem]",
          !small && "mt-3",
        )}
      >
        {t("choose")}
      </span>
    </DropFile>
  );
}
