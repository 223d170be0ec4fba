import clsx from "clsx";
import { Workflow } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

/** A place for one graph: dropped, or chosen. */
export function GraphField({ onFile, small }: { onFile: (file: File) => void; small?: boolean }) {
  const { t } = useTranslation("own");
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
        "flex cursor-pointer items-center rounded-xl border border-dashed transition-colors",
        "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
        small ? "gap-3 px-4 py-3" : "flex-col gap-1.5 px-6 py-12 text-center",
        over ? "border-accent bg-accent-soft" : "border-line-strong hover:bg-hover",
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
      <input
        id={id}
        type="file"
        accept=".json,.png,application/json,image/png"
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // the same file again, once it is mended
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
