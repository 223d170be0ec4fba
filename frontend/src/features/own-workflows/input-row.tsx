import clsx from "clsx";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ProposedInput } from "@/api";
import { useLanguage } from "@/i18n";
import { InputFields } from "./input-fields";

interface InputRowProps {
  row: ProposedInput;
  /** The sentence for one of its fields. */
  said: (field: string) => string | undefined;
  onChange: (row: ProposedInput) => void;
}

/** One value of the graph: ticked, it is asked, and what is asked can be set. */
export function InputRow({ row, said, onChange }: InputRowProps) {
  const { t } = useTranslation("own");
  const language = useLanguage();
  const id = useId();
  const title = (language === "ko" ? row.title_ko : row.title_en) || row.title_ko || row.name;
  const nodes = row.places.map(({ node, input }) => `${node}.${input}`).join(", ");
  const wrong = said("places") ?? said("name");
  return (
    <li
      className={clsx("rounded-lg border", row.asked ? "border-line bg-raised" : "border-transparent")}
      data-input={row.name}
    >
      <div className="flex items-start gap-3 px-3.5 py-2.5">
        <input
          id={id}
          type="checkbox"
          checked={row.asked}
          aria-label={t("ask", { title })}
          aria-describedby={`${id}-node`}
          onChange={(event) => onChange({ ...row, asked: event.target.checked })}
          className="mt-0.5 size-4 shrink-0 accent-(--accent)"
        />
        <label htmlFor={id} className="min-w-0 flex-1 cursor-pointer">
          <span className={clsx("text-[0.8125rem]", row.asked ? "font-semibold" : "text-soft")}>{title}</span>
          <span id={`${id}-node`} className="ml-2 text-xs text-faint">
            {row.node_title} · {t("node", { nodes })}
          </span>
        </label>
        {row.type !== "file" && (
          <span className="max-w-[40%] truncate text-xs text-faint" title={String(row.value)}>
            {t("now")} <span className="font-mono text-soft">{shown(row.value)}</span>
          </span>
        )}
      </div>
      {wrong !== undefined && row.asked && (
        <p role="alert" className="px-3.5 pb-2 pl-10.5 text-xs text-tone-bad">
          {wrong}
        </p>
      )}
      {row.asked && <InputFields row={row} said={said} onChange={onChange} />}
    </li>
  );
}

const shown = (value: ProposedInput["value"]): string => {
  const text = String(value);
  return text === "" ? "–" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
