import type { ShotStatus, ShotView } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { type Place, timecodeAt } from "@/features/shots/rows";
import { lookNamed, byName, type Bible, sequenceNamed } from "./bible";
import { readCast, writeCast } from "./cast-text";
import { changed, type Edited, problem, unknown } from "./edited";

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
  "notes",
] as const;

export type ColumnKey = (typeof COLUMN_KEYS)[number];

/** How a cell is drawn and edited. */
export type Kind =
  "panel" | "text" | "long" | "number" | "choice" | "cast" | "status" | "pictures" | "formula" | "timecode";

export interface Column {
  key: ColumnKey;
  kind: Kind;
  width: number;
  /** What the cell says, as shown, copied and searched. */
  text: (shot: ShotView, bible: Bible, place: Place | undefined) => string;
  /** By what rows are sorted, when that is not the text. */
  order?: (shot: ShotView, place: Place | undefined) => number;
  /** What a text typed or pasted there means. A column without it follows from others. */
  write?: (text: string, bible: Bible, shot: ShotView | undefined) => Edited;
  /** What may be chosen. */
  choices?: (bible: Bible) => readonly { value: string; label: string }[];
}

type Written = "scene_description" | "action" | "negative_prompt" | "notes";

const MAX_TEXT = 4000;
const MAX_FRAMES = 24 * 3600 * 240;

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

export const castText = ({ characters }: ShotView): string =>
  writeCast(characters.map(({ name, look_id, look_name }) => ({ name, look: look_id ? look_name : "" })));

function writeCharacters(text: string, bible: Bible): Edited {
  const sent: { character_id: string; look_id: string | null }[] = [];
  const shown: ShotView["characters"] = [];
  for (const { name, look } of readCast(text)) {
    const character = byName(bible.characters, name);
    if (!character) return unknown("character", name);
    const worn = look ? lookNamed(character, look) : undefined;
    if (look && !worn) return unknown("look", look, character.id);
    if (sent.some(({ character_id }) => character_id === character.id)) continue;
    const usual = worn ?? character.looks.find(({ id }) => id === character.default_look_id);
    sent.push({ character_id: character.id, look_id: worn?.id ?? null });
    shown.push({
      character_id: character.id,
      name: character.name,
      look_id: worn?.id ?? null,
      look_name: usual?.name ?? "",
    });
  }
  return changed({ characters: sent }, { characters: shown });
}

function writeFrames(text: string, bible: Bible): Edited {
  const frames = Number(text.replaceAll(",", "").replace(/(프레임|frames?|f)$/i, ""));
  return Number.isInteger(frames) && text.trim() ? ofFrames(frames, bible) : problem("noFrames", { text });
}

function writeSeconds(text: string, bible: Bible): Edited {
  const seconds = Number(text.replaceAll(",", "").replace(/(초|s|sec|seconds?)$/i, ""));
  if (!Number.isFinite(seconds) || !text.trim()) return problem("noSeconds", { text });
  const { num, den } = bible.clock.rate;
  return ofFrames(Math.round((seconds * num) / den), bible);
}

function ofFrames(frames: number, bible: Bible): Edited {
  if (frames < 1 || frames > MAX_FRAMES) return problem("frames", { frames, most: MAX_FRAMES });
  const { num, den } = bible.clock.rate;
  return changed({ frame_count: frames }, { frame_count: frames, duration_seconds: (frames * den) / num });
}

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
  { key: "characters", kind: "cast", width: 210, text: castText, write: writeCharacters },
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
    write: writeFrames,
  },
  {
    key: "duration",
    kind: "number",
    width: 78,
    text: (shot) => seconds(shot.duration_seconds),
    order: (shot) => shot.duration_seconds,
    write: writeSeconds,
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
    order: (shot) => statusPlace(shot.status),
  },
  {
    key: "takes",
    kind: "timecode",
    width: 66,
    text: (shot) => String(shot.take_count),
    order: (shot) => shot.take_count,
  },
  texts("notes", 200),
];

const BY_KEY = new Map(COLUMNS.map((column) => [column.key, column]));

export function columnOf(key: ColumnKey): Column {
  const column = BY_KEY.get(key);
  if (column === undefined) throw new Error(`no column ${key}`);
  return column;
}
