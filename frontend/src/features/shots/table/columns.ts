import type { ShotStatus, ShotView } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { type Place, timecodeAt } from "@/features/shots/rows";
import { byName, type Bible, sequenceNamed } from "./bible";
import { changed, type Edited, problem, unknown } from "./edited";
import { MOST_STARS, starText, writeTagText } from "./marks";
import * as writing from "./writing";

export const COLUMN_KEYS = [
  "panel",
  "code",
  "sequence",
  "scene_description",
  "action",
  "characters",
  "cinematic_option",
  "prompt",
  "prompt_override",
  "negative_prompt",
  "references",
  "frame_count",
  "duration",
  "timecode_in",
  "timecode_out",
  "workflow_type",
  "status",
  "takes",
  "rating",
  "tags",
  "notes",
] as const;

export type ColumnKey = (typeof COLUMN_KEYS)[number];

/** How a cell is drawn and edited. */
export type Kind =
  | "panel"
  | "text"
  | "long"
  | "number"
  | "choice"
  | "cast"
  | "status"
  | "pictures"
  | "formula"
  | "timecode"
  | "rating"
  | "tags";

export interface Column {
  key: ColumnKey;
  kind: Kind;
  width: number;
  /** What the cell says, as shown, copied and searched. */
  text: (shot: ShotView, bible: Bible, place: Place | undefined) => string;
  /** How a group of that text is headed, when not by the text. */
  headed?: (text: string, bible: Bible) => string;
  /** By what rows are sorted, when that is not the text. */
  order?: (shot: ShotView, place: Place | undefined) => number;
  /** What a text typed or pasted there means. A column without it follows from others. */
  write?: (text: string, bible: Bible, shot: ShotView | undefined) => Edited;
  /** What may be chosen. */
  choices?: (bible: Bible) => readonly { value: string; label: string }[];
}

type Written = "scene_description" | "action" | "negative_prompt" | "notes";

const MAX_TEXT = 4000;

const texts = (key: Written, width: number): Column => ({
  key,
  kind: "long",
  width,
  text: (shot) => shot[key],
  write: (text) =>
    text.length > MAX_TEXT
      ? problem("tooLong", { length: text.length, most: MAX_TEXT })
      : changed({ [key]: text.trim() }),
});

const STARS = Array.from({ length: MOST_STARS }, (_, index) => ({
  value: String(MOST_STARS - index),
  label: starText(MOST_STARS - index),
}));

const seconds = (value: number): string => String(Math.round(value * 1000) / 1000);

const statusPlace = (status: ShotStatus): number => SHOT_STATUSES.indexOf(status);

export const COLUMNS: readonly Column[] = [
  { key: "panel", kind: "panel", width: 148, text: (shot) => shot.generated_image ?? "" },
  {
    key: "code",
    kind: "text",
    width: 116,
    text: (shot) => shot.code,
    write: (text) =>
      /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$/u.test(text.trim())
        ? changed({ code: text.trim().toUpperCase() })
        : problem("code", { text }),
  },
  {
    key: "sequence",
    kind: "choice",
    width: 96,
    text: (shot) => shot.sequence,
    choices: ({ sequences }) => sequences.map(({ code, name }) => ({ value: code, label: name })),
    write: (text, bible) => {
      if (!text.trim()) return changed({ sequence_id: null }, { sequence_id: null, sequence: "" });
      const found = sequenceNamed(bible, text);
      return found
        ? changed({ sequence_id: found.id }, { sequence_id: found.id, sequence: found.code })
        : unknown("sequence", text.trim());
    },
  },
  texts("scene_description", 260),
  texts("action", 240),
  { key: "characters", kind: "cast", width: 210, text: writing.castText, write: writing.writeCharacters },
  {
    key: "cinematic_option",
    kind: "choice",
    width: 150,
    text: (shot) => shot.cinematic_option,
    choices: ({ options }) => options.map(({ name }) => ({ value: name, label: "" })),
    write: (text, { options }) => {
      const cleared = { cinematic_option_id: null, cinematic_option: "" };
      if (!text.trim()) return changed({ cinematic_option_id: null }, cleared);
      const found = byName(options, text);
      return found
        ? changed(
            { cinematic_option_id: found.id },
            { cinematic_option_id: found.id, cinematic_option: found.name },
          )
        : unknown("option", text.trim());
    },
  },
  { key: "prompt", kind: "formula", width: 280, text: (shot) => shot.effective_prompt },
  {
    key: "prompt_override",
    kind: "long",
    width: 220,
    text: (shot) => shot.prompt_override ?? "",
    write: (text) => {
      const override = text.trim() || null;
      if (text.length > 2 * MAX_TEXT) return problem("tooLong", { length: text.length, most: 2 * MAX_TEXT });
      const shown = override ? { effective_prompt: override } : {};
      return changed(
        { prompt_override: override },
        { prompt_override: override, prompt_overridden: override !== null, ...shown },
      );
    },
  },
  texts("negative_prompt", 180),
  { key: "references", kind: "pictures", width: 130, text: (shot) => shot.reference_images.join(" ") },
  {
    key: "frame_count",
    kind: "number",
    width: 82,
    text: (shot) => String(shot.frame_count),
    order: (shot) => shot.frame_count,
    write: writing.writeFrames,
  },
  {
    key: "duration",
    kind: "number",
    width: 78,
    text: (shot) => seconds(shot.duration_seconds),
    order: (shot) => shot.duration_seconds,
    write: writing.writeSeconds,
  },
  {
    key: "timecode_in",
    kind: "timecode",
    width: 108,
    text: (_, { clock }, place) => (place ? timecodeAt(place.start, clock) : ""),
    order: (_, place) => place?.start ?? 0,
  },
  {
    key: "timecode_out",
    kind: "timecode",
    width: 108,
    text: (_, { clock }, place) => (place ? timecodeAt(place.end, clock) : ""),
    order: (_, place) => place?.end ?? 0,
  },
  {
    key: "workflow_type",
    kind: "choice",
    width: 120,
    text: (shot) => shot.workflow_type,
    choices: ({ workflowTypes }) => workflowTypes.map((value) => ({ value, label: "" })),
    write: (text, { workflowTypes }) => {
      const type = text.trim().toLowerCase();
      return workflowTypes.includes(type) || /^[a-z0-9_]+\/[a-z0-9_]+$/.test(type)
        ? changed({ workflow_type: type })
        : unknown("workflow", text.trim());
    },
  },
  {
    key: "status",
    kind: "status",
    width: 104,
    text: (shot) => shot.status,
    headed: (text, { statusLabel }) => statusLabel(text as ShotStatus),
    order: (shot) => statusPlace(shot.status),
    choices: ({ statusLabel }) => writing.GIVEN.map((status) => ({ value: statusLabel(status), label: "" })),
    write: writing.writeStatus,
  },
  {
    key: "takes",
    kind: "timecode",
    width: 66,
    text: (shot) => String(shot.take_count),
    order: (shot) => shot.take_count,
  },
  {
    key: "rating",
    kind: "rating",
    width: 118,
    text: ({ rating }) => (rating ? String(rating) : ""),
    headed: (text) => text && starText(Number(text)),
    order: ({ rating }) => rating,
    choices: () => STARS,
    write: writing.writeRating,
  },
  {
    key: "tags",
    kind: "tags",
    width: 170,
    text: ({ tags }) => writeTagText(tags),
    choices: ({ tags }) => tags().map((value) => ({ value, label: "" })),
    write: writing.writeTags,
  },
  texts("notes", 200),
];

const BY_KEY = new Map(COLUMNS.map((column) => [column.key, column]));

export function columnOf(key: ColumnKey): Column {
  const column = BY_KEY.get(key);
  if (column === undefined) throw new Error(`no column ${key}`);
  return column;
}
