import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { ImportReport, OnConflict, RowReport, RowState, SheetReport } from "@/api";
import type { Tone } from "@/api/statuses";
import { Badge } from "@/ui/badge";
import { Check, Select } from "@/ui/field";
import { Notice } from "@/ui/states";

export interface ImportChoices {
  createMissing: boolean;
  onConflict: OnConflict;
}

const TONES: Record<RowState, Tone> = {
  new: "good",
  changed: "active",
  unchanged: "idle",
  conflicting: "bad",
};
const STATES = Object.keys(TONES) as RowState[];
const CHOICES: Record<OnConflict, true> = { refuse: true, mine: true, theirs: true };
const SHOWN_ROWS = 40;

export const changesAnything = ({ sheets }: ImportReport): boolean =>
  sheets.some((sheet) => (sheet.new ?? 0) + (sheet.changed ?? 0) + (sheet.conflicting ?? 0) > 0);

interface ReportProps {
  report: ImportReport;
  choices: ImportChoices;
  onChoices: (choices: ImportChoices) => void;
}

/** What an import would do, and what stands in its way. */
export function Report({ report, choices, onChoices }: ReportProps) {
  const { t } = useTranslation();
  const conflicts = report.sheets.some(({ conflicting = 0 }) => conflicting > 0);
  return (
    <div className="flex flex-col gap-4">
      <Counts sheets={report.sheets} />
      {report.problem_count > 0 && <Problems report={report} />}
      {report.missing.length > 0 && <Missing report={report} choices={choices} onChoices={onChoices} />}
      {conflicts && (
        <Notice tone="warn">
          <p className="font-semibold">{t("import.conflictTitle")}</p>
          <Select
            aria-label={t("import.conflictTitle")}
            className="mt-2 w-auto!"
            value={choices.onConflict}
            onChange={(event) => onChoices({ ...choices, onConflict: event.target.value as OnConflict })}
          >
            {(Object.keys(CHOICES) as OnConflict[]).map((choice) => (
              <option key={choice} value={choice}>
                {t(`import.onConflict.${choice}`)}
              </option>
            ))}
          </Select>
        </Notice>
      )}
      {report.notes.map((note) => (
        <Notice key={note}>{note}</Notice>
      ))}
      {report.ignored_columns.length > 0 && (
        <Notice>{t("import.ignored", { columns: report.ignored_columns.join(", ") })}</Notice>
      )}
      {report.rows.length > 0 ? (
        <Rows rows={report.rows} count={report.row_count} />
      ) : (
        <p className="text-soft">{t("import.nothing")}</p>
      )}
    </div>
  );
}

function Counts({ sheets }: { sheets: readonly SheetReport[] }) {
  const { t } = useTranslation();
  return (
    <table className="w-full text-[0.8125rem]">
      <thead>
        <tr className="text-right text-xs text-faint">
          <th />
          {STATES.map((state) => (
            <th key={state} scope="col" className="py-1 font-medium">
              {t(`import.${state}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sheets.map((sheet) => (
          <tr key={sheet.kind} className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-medium">
              {t(`import.kind.${sheet.kind}`)}
            </th>
            {STATES.map((state) => (
              <td
                key={state}
                data-count={`${sheet.kind}-${state}`}
                className={clsx("text-right", !sheet[state] && "text-faint")}
              >
                {sheet[state] ?? 0}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Problems({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const hidden = report.problem_count - report.problems.length;
  return (
    <Notice tone="bad">
      <p className="font-semibold">{t("import.problems", { count: report.problem_count })}</p>
      <p className="text-xs text-soft">{t("import.problemsHelp")}</p>
      <ul className="mt-2 flex max-h-56 flex-col gap-1.5 overflow-y-auto">
        {report.problems.map(({ place, value, message }) => (
          <li key={`${place} ${message}`} className="flex gap-3">
            <code className="shrink-0 text-xs leading-5 text-tone-bad">{place}</code>
            <span>
              {message}
              {value && <span className="text-faint"> ({value})</span>}
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="mt-1 text-xs text-faint">{t("import.moreProblems", { count: hidden })}</p>}
    </Notice>
  );
}

function Missing({ report, choices, onChoices }: ReportProps) {
  const { t } = useTranslation();
  return (
    <Notice tone="warn">
      <p className="font-semibold">{t("import.missing", { count: report.missing.length })}</p>
      <ul className="mt-1.5 flex flex-col gap-1">
        {report.missing.map(({ kind, name, of, places, count }) => (
          <li key={`${kind} ${of} ${name}`}>
            <span className="font-medium">{name}</span>{" "}
            <span className="text-xs text-faint" title={places?.join(", ")}>
              {of ? t("import.lookOf", { character: of }) : t(`import.kind.${kind}`)} ·{" "}
              {t("import.usedBy", { count: count ?? 0 })}
            </span>
          </li>
        ))}
      </ul>
      <Check
        className="mt-3"
        label={t("import.createMissing")}
        checked={choices.createMissing}
        onChange={(event) => onChoices({ ...choices, createMissing: event.target.checked })}
      />
    </Notice>
  );
}

/** What must be looked at first: conflicts, then changes, then what is new; shots before the rest. */
function byWeight(a: RowReport, b: RowReport): number {
  const states: RowState[] = ["conflicting", "changed", "new", "unchanged"];
  const other = (row: RowReport) => Number(row.kind !== "shots");
  return states.indexOf(a.state) - states.indexOf(b.state) || other(a) - other(b);
}

function Rows({ rows, count }: { rows: readonly RowReport[]; count: number }) {
  const { t } = useTranslation();
  const changing = rows.filter(({ state }) => state !== "unchanged").sort(byWeight);
  const shown = changing.slice(0, SHOWN_ROWS);
  const hidden = Math.max(changing.length, count) - shown.length;
  return (
    <section>
      <h3 className="mb-1 text-xs font-semibold text-soft">{t("import.rows")}</h3>
      <ul className="divide-y divide-line border-y border-line">
        {shown.map((row) => (
          <li
            key={`${row.kind} ${row.place} ${row.name}`}
            className="grid grid-cols-[5rem_7rem_1fr] items-start gap-3 py-1.5 text-xs"
          >
            <Badge tone={TONES[row.state]}>{t(`import.${row.state}`)}</Badge>
            <code className="truncate text-faint">{row.place}</code>
            <span className="min-w-0">
              <span className="font-medium">{row.name}</span>
              {row.state !== "new" && <Changes row={row} />}
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="mt-1 text-xs text-faint">{t("import.moreProblems", { count: hidden })}</p>}
    </section>
  );
}

/** Fields that have a name in the UI; another is shown as the file calls it. */
const FIELDS = {
  scene_description: "shot.scene",
  action: "shot.action",
  characters: "shot.cast",
  option: "shot.camera",
  sequence: "shot.sequence",
  frame_count: "shot.duration",
  notes: "shot.notes",
  prompt_override: "shot.prompt",
  negative_prompt: "shot.negative",
  name: "projects.form.name",
} as const;

const isNamed = (field: string): field is keyof typeof FIELDS => field in FIELDS;

function Changes({ row }: { row: RowReport }) {
  const { t } = useTranslation();
  return (
    <ul className="mt-1 flex flex-col gap-1">
      {row.fields?.map(({ field, old, new: value, conflicting }) => (
        <li key={field} className="grid grid-cols-[6rem_1fr] gap-2">
          <span className="truncate text-faint">{isNamed(field) ? t(FIELDS[field]) : field}</span>
          <span className={clsx("min-w-0", conflicting && "text-tone-bad")}>
            {old && <s className="line-clamp-1 text-faint">{old}</s>}
            <span className="line-clamp-2">{value}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
