import clsx from "clsx";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { PresetKind } from "@/api";
import { useLanguage } from "@/i18n";
import type { PresetBook } from "@/lib/prompt/assemble";
import { FieldDrawing } from "./drawings/field-drawing";
import { type Draft, GROUPS, kindsOf, said } from "./values";

interface FieldRailProps {
  draft: Draft;
  book: PresetBook;
  active: PresetKind;
  onActivate: (kind: PresetKind) => void;
}

/** The twelve fields with what stands in them; one is open. */
export const FieldRail = memo(function FieldRail({ draft, book, active, onActivate }: FieldRailProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <nav
      aria-label={t("cinematic.fields")}
      className="flex gap-4 overflow-x-auto border-line p-3 max-lg:border-b lg:flex-col lg:gap-3 lg:overflow-x-visible lg:overflow-y-auto lg:border-r"
    >
      {GROUPS.map((group) => (
        <div key={group} className="max-lg:shrink-0">
          <h2 className="mb-1 px-2 text-2xs font-semibold text-faint">{t(`cinematic.group.${group}`)}</h2>
          <ul className="flex gap-0.5 lg:flex-col">
            {kindsOf(group).map((kind) => {
              const value = draft[kind];
              return (
                <li key={kind}>
                  <button
                    type="button"
                    aria-current={kind === active}
                    onClick={() => onActivate(kind)}
                    className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-hover aria-current:bg-raised aria-current:ring-1 aria-current:ring-line-strong aria-[current=false]:bg-transparent aria-[current=false]:ring-0 max-lg:w-44 max-lg:shrink-0"
                  >
                    <span
                      className={clsx(
                        "block h-8 w-12.5 shrink-0 overflow-hidden rounded bg-sunken [&_svg]:size-full",
                        !value && "border border-dashed border-line",
                      )}
                    >
                      {value && (
                        <FieldDrawing kind={kind} value={value} book={book} body={draft.camera_body} />
                      )}
                    </span>
                    <span className="min-w-0">
                      <span className="block text-2xs text-faint">{t(`cinematic.field.${kind}`)}</span>
                      <span className={clsx("block truncate text-xs", value ? "font-medium" : "text-faint")}>
                        {said(kind, value, book, language) || t("cinematic.unset")}
                      </span>
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
});
