import clsx from "clsx";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Suggestion } from "./suggestions";

interface SuggestionListProps {
  suggestions: readonly Suggestion[];
  /** The one that Enter takes; -1: what was typed. */
  chosen: number;
  onTake: (suggestion: Suggestion) => void;
}

export function SuggestionList({ suggestions, chosen, onTake }: SuggestionListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    // its answer, a promise in newer browsers, is no clean-up
    void list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  if (suggestions.length === 0) return null;
  return (
    <ul
      ref={list}
      role="listbox"
      aria-label={t("table.suggestions")}
      className="max-h-64 min-w-52 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-float"
    >
      {suggestions.map((suggestion, index) => (
        <li
          key={suggestion.text}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            onTake(suggestion);
          }}
          className={clsx(
            "flex cursor-pointer items-baseline gap-2 rounded px-2 py-1.5 text-[0.8125rem] hover:bg-hover",
            index === chosen && "bg-hover",
          )}
        >
          <span className="font-medium">{suggestion.name}</span>
          {suggestion.note && <span className="truncate text-xs text-faint">{suggestion.note}</span>}
        </li>
      ))}
    </ul>
  );
}
