import { Aperture, Plus, Search } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CinematicView } from "@/api";
import { useLanguage } from "@/i18n";
import { finder } from "@/lib/find";
import type { PresetBook } from "@/lib/prompt/assemble";
import { Input } from "@/ui/field";
import { PageHead } from "@/ui/heading";
import { Empty } from "@/ui/states";
import { Composed } from "./drawings/composed";
import type { Library } from "./library";
import { type Draft, EMPTY, filledFrom, freeName, KINDS, labelOf, said } from "./values";

const CARD =
  "group flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-surface text-left transition-colors hover:border-line-strong";
const SEARCH_FROM = 7;

interface OptionShelfProps {
  options: readonly CinematicView[];
  library: Library;
  busy: boolean;
  onOpen: (id: string) => void;
  onCreate: (fields: Draft) => void;
}

/** The options of the project, and looks to start another one from. */
export function OptionShelf({ options, library, busy, onOpen, onCreate }: OptionShelfProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [query, setQuery] = useState("");
  const { book, sets } = library;
  const finds = useMemo(() => finder(query), [query]);
  const shown = options.filter((option) =>
    finds(
      [
        option.name,
        ...KINDS.map((kind) => `${option[kind]} ${said(kind, option[kind] ?? "", book, "ko")}`),
      ].join(" "),
    ),
  );
  const taken = useMemo(() => new Set(options.map(({ name }) => name)), [options]);
  const blank = () => onCreate({ ...EMPTY, name: freeName(t("cinematic.newName"), taken) });
  return (
    <>
      <PageHead
        title={t("cinematic.title")}
        facts={<p className="mt-1 text-[0.8125rem] text-soft">{t("cinematic.about")}</p>}
      >
        {options.length >= SEARCH_FROM && (
          <label className="relative w-60">
            <Search
              className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-faint"
              aria-hidden
            />
            <span className="sr-only">{t("cinematic.find")}</span>
            <Input
              type="search"
              value={query}
              placeholder={t("cinematic.find")}
              className="pl-8"
              onChange={(event) => setQuery(event.target.value)}
            />
          </label>
        )}
      </PageHead>
      {options.length === 0 ? (
        <Empty
          className="py-12!"
          icon={<Aperture />}
          title={t("cinematic.empty")}
          help={t("cinematic.emptyHelp")}
        />
      ) : (
        <ul
          className="mt-5 grid grid-cols-[repeat(auto-fill,minmax(15.5rem,1fr))] gap-3.5"
          aria-label={t("cinematic.title")}
        >
          {shown.map((option) => (
            <li key={option.id} className="flex">
              <button type="button" className={`${CARD} w-full`} onClick={() => onOpen(option.id)}>
                <OptionFace option={option} book={book} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {options.length > 0 && shown.length === 0 && (
        <p className="py-10 text-center text-soft">{t("cinematic.notFound")}</p>
      )}
      <section aria-labelledby="starts" className="mt-10">
        <h2 id="starts" className="text-base font-semibold">
          {t("cinematic.starts")}
        </h2>
        <p className="text-xs text-soft">{t("cinematic.startsHelp")}</p>
        <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(10.5rem,1fr))] gap-3">
          <li className="flex">
            <button
              type="button"
              disabled={busy}
              onClick={blank}
              className="flex w-full flex-col items-center justify-center gap-2 rounded-lg border border-dashed border-line-strong text-xs text-soft hover:bg-hover hover:text-ink"
            >
              <Plus className="size-5" aria-hidden />
              {t("cinematic.blank")}
            </button>
          </li>
          {sets.map((set) => (
            <li key={set.key} className="flex">
              <button
                type="button"
                disabled={busy}
                onClick={() => onCreate(filledFrom(set, book, language, taken))}
                className="w-full overflow-hidden rounded-lg border border-line bg-surface text-left hover:border-line-strong hover:bg-hover"
              >
                <span className="block bg-sunken p-1.5">
                  <Composed fields={set.option as Draft} book={book} />
                </span>
                <span className="block truncate px-2.5 py-2 text-xs font-medium">
                  {labelOf(set, language)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** The fields that say most, in the order one would read them aloud. */
const SPOKEN = [
  "camera_body",
  "focal_length",
  "lens_type",
  "film_stock",
  "lighting_source",
  "lighting_style",
  "environment",
  "atmosphere",
  "aspect_ratio",
] as const;

function OptionFace({ option, book }: { option: CinematicView; book: PresetBook }) {
  const language = useLanguage();
  const { t } = useTranslation();
  const values = SPOKEN.flatMap((kind) => {
    const text = said(kind, option[kind] ?? "", book, language);
    return text ? [{ kind, text }] : [];
  });
  return (
    <>
      <span className="block bg-sunken p-2">
        <Composed fields={option} book={book} />
      </span>
      <span className="flex flex-1 flex-col gap-1.5 p-3">
        <span className="truncate text-[0.9375rem] font-semibold">{option.name}</span>
        <span className="flex flex-wrap gap-x-1.5 gap-y-0.5 text-xs text-soft">
          {values.length === 0 && <span className="text-faint">{t("cinematic.unset")}</span>}
          {values.map(({ kind, text }, index) => (
            <span key={kind} title={t(`cinematic.field.${kind}`)}>
              {text}
              {index < values.length - 1 && <span className="ml-1.5 text-faint">·</span>}
            </span>
          ))}
        </span>
      </span>
    </>
  );
}
