import { memo, type ReactNode, useMemo } from "react";
import type { PresetKind } from "@/api";
import type { PresetBook } from "@/lib/prompt/assemble";
import { GATES } from "@/features/cinematic/hints/bodies";
import { type Picture, pictureOf, ratioOf } from "@/features/cinematic/picture";
import { PLACES } from "@/features/cinematic/hints/places";
import { AngleDrawing, GateDrawing, RatioDrawing } from "./diagrams";
import { FilmSwatch, GlassSample, LightBall, StyleSample } from "./samples";
import { Still } from "./still";

interface FieldDrawingProps {
  kind: PresetKind;
  value: string;
  book: PresetBook;
  /** The chosen camera, whose gate gives a lens its angle. */
  body?: string;
}

/** How each field is drawn. A new field in the API is a compile error here until it is. */
const DRAWN: Record<PresetKind, (picture: Picture, value: string, book: PresetBook) => ReactNode> = {
  camera_body: (_, value, book) => <GateDrawing gate={GATES[book.find("camera_body", value)?.key ?? ""]} />,
  focal_length: ({ focal_mm, gate }) => <AngleDrawing focal_mm={focal_mm} gate={gate} />,
  lens_type: ({ glass }) => <GlassSample glass={glass} />,
  film_stock: ({ film }) => <FilmSwatch film={film} />,
  style: ({ style }) => <StyleSample style={style} />,
  look_and_feel: (picture) => <Still picture={{ ...picture, place: lookedAt(picture) }} />,
  lighting_source: ({ light }) => <LightBall light={light} />,
  lighting_style: ({ light }) => <LightBall light={light} />,
  environment: (picture) => <Still picture={{ ...picture, light: DAY }} empty />,
  atmosphere: (picture) => <Still picture={{ ...picture, place: lookedAt(picture), light: DAY }} />,
  filter: (picture) => <Still picture={{ ...picture, place: atNight(picture), light: DAY }} empty />,
  aspect_ratio: (_, value, book) => <RatioDrawing ratio={ratioOf(value, book)} />,
};

const DAY: Picture["light"] = {
  colour: "#ffffff",
  ambient: "#9a9a9a",
  from: 135,
  hard: 0.3,
  fill: 0.9,
  rim: 0,
  key: 1,
};
const lookedAt = ({ place }: Picture): Picture["place"] => PLACES["mountain"] ?? place;
const atNight = ({ place }: Picture): Picture["place"] => PLACES["rooftop"] ?? place;

/** One value of one field. */
export const FieldDrawing = memo(function FieldDrawing({ kind, value, book, body = "" }: FieldDrawingProps) {
  const picture = useMemo(
    () =>
      pictureOf(
        { camera_body: kind === "focal_length" ? body : "", aspect_ratio: "16:10", [kind]: value },
        book,
      ),
    [kind, value, book, body],
  );
  return DRAWN[kind](picture, value, book);
});
