/** What a composed drawing of an option shows, read from its fields. Words that no preset stands behind change nothing. */
import type { CinematicFields, PresetKind } from "@/api";
import type { PresetBook } from "@/lib/prompt/assemble";
import { words } from "@/lib/prompt/text";
import { type Air, AIRS, PLAIN_AIR } from "./hints/air";
import { FULL_FRAME, type Gate, GATES } from "./hints/bodies";
import { type FilmLook, FILMS, PLAIN_FILM } from "./hints/film";
import { type Filtering, FILTERS, type Glass, GLASSES, PLAIN_GLASS } from "./hints/glass";
import { type Grade, GRADES, PLAIN_GRADE, PLAIN_STYLE, STYLE_LOOKS, type StyleLook } from "./hints/grade";
import { type LightSource, type LightStyle, PLAIN_SOURCE, SOURCES, STYLES } from "./hints/light";
import { type Place, PLACES, PLAIN_PLACE } from "./hints/places";
import { readFocalLength, readRatio, viewAngle } from "./optics";

/** The light as it falls: the colour of its source, the direction and edge of its style. */
export type Light = Omit<LightSource, "other"> & Omit<LightStyle, "from" | "hard"> & { other?: string };

export interface Picture {
  ratio: number;
  focal_mm: number | undefined;
  gate: Gate;
  angle: number;
  light: Light;
  place: Place;
  air: Air;
  film: FilmLook;
  grade: Grade;
  style: StyleLook;
  glass: Glass;
  filter: Filtering;
}

const WIDE_SCREEN = 16 / 9;
const NORMAL_MM = 35;

export function pictureOf(fields: Partial<CinematicFields>, book: PresetBook): Picture {
  /** The hint of the first word that has one. */
  function hint<Hint>(kind: PresetKind, hints: Readonly<Record<string, Hint>>): Hint | undefined {
    for (const word of words(fields[kind] ?? "")) {
      const found = hints[book.find(kind, word.trim())?.key ?? ""];
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const gate = hint("camera_body", GATES) ?? FULL_FRAME;
  const focal_mm = readFocalLength(fields.focal_length ?? "");
  return {
    ratio: ratioOf(fields.aspect_ratio ?? "", book) ?? WIDE_SCREEN,
    focal_mm,
    gate,
    angle: viewAngle(focal_mm ?? NORMAL_MM, focal_mm === undefined ? FULL_FRAME.width_mm : gate.width_mm),
    light: lit(hint("lighting_source", SOURCES), hint("lighting_style", STYLES)),
    place: hint("environment", PLACES) ?? PLAIN_PLACE,
    air: hint("atmosphere", AIRS) ?? PLAIN_AIR,
    film: hint("film_stock", FILMS) ?? PLAIN_FILM,
    grade: hint("look_and_feel", GRADES) ?? PLAIN_GRADE,
    style: hint("style", STYLE_LOOKS) ?? PLAIN_STYLE,
    glass: hint("lens_type", GLASSES) ?? PLAIN_GLASS,
    filter: hint("filter", FILTERS) ?? {},
  };
}

/** Width by height: of the preset that is named, else as it is written. */
export function ratioOf(text: string, book: PresetBook): number | undefined {
  return readRatio(book.find("aspect_ratio", text.trim())?.label_en ?? text);
}

export function lit(source: LightSource = PLAIN_SOURCE, style?: LightStyle): Light {
  return { fill: 0.2, rim: 0, key: 1, ...source, ...style };
}
