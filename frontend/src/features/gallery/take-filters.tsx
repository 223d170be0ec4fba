import { useTranslation } from "react-i18next";
import type { SequenceView, WorkflowView } from "@/api";
import { REVIEW_STATES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import type { TakeQuery } from "./use-takes";

interface TakeFiltersProps {
  query: TakeQuery;
  sequences: readonly SequenceView[];
  /** Names of the workflows that made takes here, and the catalog that knows their titles. */
  made: readonly string[];
  catalog: readonly WorkflowView[];
  onChange: (changed: { [Key in keyof TakeQuery]?: TakeQuery[Key] | undefined }) => void;
  onClear: () => void;
}

const yes = (value: boolean | null | undefined): string => (value == null ? "" : value ? "yes" : "no");
const read = (value: string): boolean | undefined => (value === "" ? undefined : value === "yes");

export function TakeFilters({ query, sequences, made, catalog, onChange, onClear }: TakeFiltersProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { order, ...filters } = query;
  const titleOf = (name: string) => catalog.find((row) => row.name === name)?.title[language] ?? name;
  const choose = (
    label: string,
    value: string,
    options: readonly (readonly [string, string])[],
    onChoose: (value: string) => void,
  ) => (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
      className="h-8! w-auto! max-w-44 shrink-0"
    >
      {options.map(([key, text]) => (
        <option key={key} value={key}>
          {text}
        </option>
      ))}
    </Select>
  );
  return (
    <>
      {choose(
        t("gallery.order"),
        order ?? "newest",
        [
          ["newest", t("gallery.newest")],
          ["shot", t("gallery.byShot")],
        ],
        (value) => onChange({ order: value === "shot" ? "shot" : undefined }),
      )}
      {choose(
        t("gallery.review"),
        query.review ?? "",
        [
          ["", t("gallery.allReviews")],
          ...REVIEW_STATES.map((state) => [state, t(`status.review.${state}`)] as const),
        ],
        (value) => onChange({ review: REVIEW_STATES.find((state) => state === value) }),
      )}
      {choose(
        t("gallery.chosen"),
        yes(query.confirmed),
        [
          ["", t("gallery.allChosen")],
          ["yes", t("gallery.onlyConfirmed")],
          ["no", t("gallery.notConfirmed")],
        ],
        (value) => onChange({ confirmed: read(value) }),
      )}
      {choose(
        t("gallery.freshness"),
        yes(query.stale),
        [
          ["", t("gallery.allFresh")],
          ["yes", t("gallery.stale")],
          ["no", t("gallery.fresh")],
        ],
        (value) => onChange({ stale: read(value) }),
      )}
      {sequences.length > 0 &&
        choose(
          t("gallery.sequence"),
          query.sequence ?? "",
          [["", t("gallery.allSequences")], ...sequences.map(({ code }) => [code, code] as const)],
          (value) => onChange({ sequence: value || undefined }),
        )}
      {(made.length > 1 || query.workflow) &&
        choose(
          t("gallery.workflow"),
          query.workflow ?? "",
          [
            ["", t("gallery.allWorkflows")],
            ...[...new Set([...made, ...(query.workflow ? [query.workflow] : [])])].map(
              (name) => [name, titleOf(name)] as const,
            ),
          ],
          (value) => onChange({ workflow: value || undefined }),
        )}
      {choose(
        t("gallery.media"),
        query.media ?? "",
        [
          ["", t("gallery.allMedia")],
          ["image", t("gallery.image")],
          ["video", t("gallery.video")],
        ],
        (value) => onChange({ media: value === "image" || value === "video" ? value : undefined }),
      )}
      {Object.values(filters).some((value) => value !== undefined) && (
        <Button look="quiet" size="sm" onClick={onClear}>
          {t("gallery.clear")}
        </Button>
      )}
    </>
  );
}
