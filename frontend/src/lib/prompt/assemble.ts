/**
 * The prompt of a shot, assembled as the master does it (master/shots/prompts.py), so that it changes while one picks.
 * `parity.test.ts` holds it to a thousand prompts of the master's own.
 */
import type { CharacterView, CinematicView, Preset, PresetKind, PromptPart } from "@/api";
import { cleaned, ENDS, foldCase, folded, isBlank, oneLine, strip, words } from "./text";

export interface PromptTemplate {
  parts: readonly { part: PromptPart; on: boolean; prefix: string; suffix: string }[];
  separator: string;
}

/** What prompts are made from besides the shots. */
export interface PromptBible {
  style_notes: string;
  template: PromptTemplate;
  characters: ReadonlyMap<string, CharacterView>;
  options: ReadonlyMap<string, CinematicView>;
  presets: PresetBook;
}

export interface PromptShot {
  scene_description: string;
  action: string;
  cinematic_option_id: string | null;
  characters: readonly { character_id: string; look_id: string | null }[];
}

export interface Segment {
  part: PromptPart;
  text: string;
}

export interface Assembled {
  text: string;
  segments: readonly Segment[];
}

const PARTS: readonly PromptPart[] = [
  "style",
  "subject",
  "action",
  "scene",
  "environment",
  "camera",
  "lens",
  "film",
  "lighting",
  "atmosphere",
  "filter",
  "ratio",
  "triggers",
];
const PROSE: ReadonlySet<PromptPart> = new Set<PromptPart>(["subject", "action", "scene"]);

export const PLAIN_TEMPLATE: PromptTemplate = {
  parts: PARTS.map((part) => ({ part, on: true, prefix: "", suffix: "" })),
  separator: ", ",
};

/** A project's template; what it leaves out is as usual. */
export function readTemplate(given: { [key: string]: unknown } | null): PromptTemplate {
  if (given === null) return PLAIN_TEMPLATE;
  const { parts, separator } = given as Partial<PromptTemplate>;
  return {
    separator: separator ?? PLAIN_TEMPLATE.separator,
    parts: parts?.map((one) => ({ ...{ on: true, prefix: "", suffix: "" }, ...one })) ?? PLAIN_TEMPLATE.parts,
  };
}

/** Presets by everything an artist may have written for them. */
export class PresetBook {
  private readonly byName = new Map<string, Preset>();

  constructor(presets: readonly Preset[]) {
    for (const preset of presets)
      for (const name of [preset.key, preset.label_en, preset.label_ko, ...(preset.aliases ?? [])])
        this.byName.set(`${preset.kind} ${folded(name)}`, preset);
  }

  find(kind: PresetKind, name: string): Preset | undefined {
    return this.byName.get(`${kind} ${folded(name)}`);
  }

  /** The English text of a preset; the words themselves where they name none. A cell may list several. */
  expand(kind: PresetKind, value: string): string[] {
    return words(value).map((word) => {
      const name = word.trim();
      return this.find(kind, name)?.prompt ?? name;
    });
  }
}

export function assemble(shot: PromptShot, bible: PromptBible): Assembled {
  const { template } = bible;
  const parts = partsOf(shot, bible);
  const ends = ENDS + template.separator;
  const said = new Set<string>();
  const segments: Segment[] = [];
  for (const entry of template.parts) {
    if (!entry.on || entry.part === "triggers") continue;
    const text = written(entry, parts[entry.part], said, ends);
    if (text) segments.push({ part: entry.part, text });
  }
  const triggers = new Set(parts.triggers.map((given) => strip(given, " \t\r\n,;")).filter(Boolean));
  if (triggers.size > 0) segments.push({ part: "triggers", text: [...triggers].join(", ") });
  return { text: segments.map(({ text }) => text).join(template.separator), segments };
}

/** One part with its prefix and suffix, or an empty text; what was said before is not said again. */
function written(
  { part, prefix, suffix }: PromptTemplate["parts"][number],
  given: readonly string[],
  said: Set<string>,
  ends: string,
): string {
  const fresh: string[] = [];
  for (const text of PROSE.has(part) ? given : given.flatMap(words)) {
    const clean = cleaned(text, ends);
    const same = foldCase(clean);
    if (!clean || said.has(same)) continue;
    said.add(same);
    fresh.push(clean);
  }
  if (fresh.length === 0) return "";
  return strip(oneLine(prefix + fresh.join(part === "subject" ? "; " : ", ") + suffix), ends);
}

function partsOf(shot: PromptShot, bible: PromptBible): Record<PromptPart, readonly string[]> {
  const camera = bible.options.get(shot.cinematic_option_id ?? "");
  const expand = (kind: PresetKind) => bible.presets.expand(kind, camera?.[kind] ?? "");
  const cast = shot.characters.flatMap(({ character_id, look_id }) => {
    const character = bible.characters.get(character_id);
    return character ? [{ character, look_id }] : [];
  });
  return {
    style: [bible.style_notes, ...expand("style"), ...expand("look_and_feel")],
    subject: cast.map(({ character, look_id }) => described(character, look_id)),
    action: [shot.action],
    scene: [shot.scene_description],
    environment: expand("environment"),
    camera: expand("camera_body"),
    lens: [...expand("focal_length"), ...expand("lens_type")],
    film: expand("film_stock"),
    lighting: [...expand("lighting_source"), ...expand("lighting_style")],
    atmosphere: expand("atmosphere"),
    filter: expand("filter"),
    ratio: expand("aspect_ratio"),
    triggers: cast.map(({ character }) => character.trigger_words),
  };
}

/** A character with the look worn: “Mina, a tall woman, wearing red raincoat, yellow boots”. */
function described(character: CharacterView, lookId: string | null): string {
  const look = character.looks.find(({ id }) => id === (lookId ?? character.default_look_id));
  return [
    character.name,
    character.description,
    worn(look?.description || look?.name || ""),
    character.style_keywords,
  ]
    .map((text) => cleaned(text, ENDS))
    .filter(Boolean)
    .join(", ");
}

function worn(look: string): string {
  if (isBlank(look) || /^\s*(wear|dressed|clad|in )/i.test(look)) return look;
  if (/[가-힣]/.test(look.normalize("NFC"))) {
    const bare = look.slice(0, look.length - trailing(look));
    return bare.endsWith("차림") ? look : `${bare} 차림`;
  }
  return `wearing ${look}`;
}

function trailing(text: string): number {
  let count = 0;
  while (count < text.length && ENDS.includes(text[text.length - 1 - count] ?? "")) count += 1;
  return count;
}
