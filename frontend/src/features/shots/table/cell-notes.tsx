import { TriangleAlert, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SuggestionList } from "./suggestion-list";
import type { CellEditing } from "./use-cell-editing";

/** Under the field: what could be taken, what is wrong, and what somebody else wrote there meanwhile. */
export function CellNotes({ editing }: { editing: CellEditing }) {
  const { t } = useTranslation();
  const { problem, theirs } = editing;
  return (
    <div className="flex flex-col gap-1">
      {problem && (
        <p
          role="alert"
          className="flex items-start gap-1.5 rounded-md border border-tone-bad bg-raised px-2.5 py-1.5 text-xs text-tone-bad shadow-float"
        >
          <TriangleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          {t(`table.problem.${problem.key}`, problem.values)}
        </p>
      )}
      {theirs !== undefined && (
        <div
          role="status"
          className="flex items-start gap-2 rounded-md border border-tone-active bg-raised px-2.5 py-1.5 text-xs shadow-float"
        >
          <Users className="mt-0.5 size-3.5 shrink-0 text-tone-active" aria-hidden />
          <span className="min-w-0 flex-1 break-words">
            {t("table.theirs", { value: theirs || t("table.empty") })}
          </span>
          <button
            type="button"
            className="shrink-0 font-semibold text-accent"
            onMouseDown={(event) => {
              event.preventDefault();
              editing.takeTheirs();
            }}
          >
            {t("table.takeTheirs")}
          </button>
        </div>
      )}
      <SuggestionList suggestions={editing.suggestions} chosen={editing.chosen} onTake={editing.take} />
    </div>
  );
}
