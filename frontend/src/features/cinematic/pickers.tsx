import { Search, X } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Preset, PresetKind } from "@/api";
import { useLanguage } from "@/i18n";
import { Button, IconButton } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { PresetGrid } from "./preset-grid";
import type { Library } from "./library";
import { chosenIn, type Draft, KINDS, labelOf, pressed, search } from "./values";

interface PickersProps {
  library: Library;
  draft: Draft;
  active: PresetKind;
  onActivate: (kind: PresetKind) => void;
  onChange: (changes: (draft: Draft) => Partial<Draft>) => void;
}

/** The presets of the open field and its own words; or, while one searches, what fits in any field. */
export function Pickers({ library, draft, active, onActivate, onChange }: PickersProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { presets, book } = library;
  const [query, setQuery] = useState("");
  const wanted = query.trim();
  const found = useMemo(() => (wanted ? search(presets, wanted) : []), [presets, wanted]);
  const chosen = useMemo(
    () => Object.fromEntries(KINDS.map((kind) => [kind, chosenIn(kind, draft[kind], book)])),
    [draft, book],
  );
  const press = useCallback(
    (preset: Preset, beside: boolean) => {
      const { kind } = preset;
      onChange((before) => ({
        [kind]: pressed(before[kind], preset, labelOf(preset, language), beside, book),
      }));
    },
    [onChange, language, book],
  );
  const grid = (kind: PresetKind, shown: readonly Preset[]) => (
    <PresetGrid
      label={t(`cinematic.field.${kind}`)}
      presets={shown}
      chosen={chosen[kind] ?? NOTHING}
      book={book}
      body={draft.camera_body}
      onPress={press}
    />
  );
  const ofActive = useMemo(() => presets.filter(({ kind }) => kind === active), [presets, active]);
  return (
    <>
      <div className="sticky top-0 z-10 border-b border-line bg-paper/95 px-5 py-2.5 backdrop-blur max-lg:static">
        <label className="relative block">
          <Search className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-faint" aria-hidden />
          <span className="sr-only">{t("cinematic.search")}</span>
          <Input
            type="search"
            value={query}
            placeholder={t("cinematic.search")}
            className="pl-8"
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setQuery("")}
          />
        </label>
      </div>
      <div className="px-5 py-4">
        {wanted ? (
          <>
            <p aria-live="polite" className="mb-3 text-xs text-soft">
              {found.length > 0
                ? t("cinematic.found", { query: wanted, count: found.length })
                : t("cinematic.searchNothing", { query: wanted })}
            </p>
            {KINDS.map((kind) => ({ kind, shown: found.filter((preset) => preset.kind === kind) }))
              .filter(({ shown }) => shown.length > 0)
              .map(({ kind, shown }) => (
                <section key={kind} className="mb-5">
                  <h2 className="mb-2">
                    <Button
                      size="sm"
                      look="quiet"
                      className="-ml-2 font-semibold"
                      onClick={() => {
                        setQuery("");
                        onActivate(kind);
                      }}
                    >
                      {t(`cinematic.field.${kind}`)}
                    </Button>
                  </h2>
                  {grid(kind, shown)}
                </section>
              ))}
          </>
        ) : (
          <section aria-label={t(`cinematic.field.${active}`)}>
            <div className="mb-4 flex items-end gap-1.5">
              <Field
                className="min-w-0 flex-1"
                label={t("cinematic.own", { field: t(`cinematic.field.${active}`) })}
                help={t("cinematic.ownHelp")}
              >
                {(ids) => (
                  <span className="relative block">
                    <Input
                      {...ids}
                      value={draft[active]}
                      maxLength={300}
                      className="pr-9"
                      onChange={(event) => {
                        const text = event.target.value;
                        onChange(() => ({ [active]: text }));
                      }}
                    />
                    {draft[active] && (
                      <IconButton
                        size="sm"
                        label={t("cinematic.clear", { field: t(`cinematic.field.${active}`) })}
                        className="absolute top-0.75 right-0.75"
                        onClick={() => onChange(() => ({ [active]: "" }))}
                      >
                        <X />
                      </IconButton>
                    )}
                  </span>
                )}
              </Field>
            </div>
            {grid(active, ofActive)}
          </section>
        )}
      </div>
    </>
  );
}

const NOTHING: ReadonlySet<string> = new Set();
