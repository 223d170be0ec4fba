import { memo, type ReactNode, useMemo } from "react";
import type { PresetKind } from "@/api";
import type { PresetBook } from "@/lib/prompt/assemble";
import { FULL_FRAME } from "@/features/cinematic/hints/bodies";
import { type Picture, pictureOf, ratioOf } from "@/features/cinematic/picture";
import { PLACES, PLAIN_PLACE } from "@/features/cinematic/hints/places";
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
  camera_body: ({ gate }) => <GateDrawing gate={gate === FULL_FRAME ? undefined : gate} />,
  focal_length: ({ focal_mm, gate }) => <AngleDrawing focal_mm={focal_mm} gate={gate} />,
  lens_type: ({ glass }) => <GlassSample glass={glass} />,
  film_stock: ({ film }) => <FilmSwatch film={film} />,
  style: ({ style }) => <StyleSample style={style} />,
  look_and_feel: (picture) => <Still picture={{ ...picture, place: lookedAt(picture) }} />,
  lighting_source: ({ light }) => <LightBall light={light} />,
  lighting_style: ({ light }) => <LightBall light={light} />,
  environment: (picture) => <Still picture={{ ...picture, light: DAY }} empty />,
  atmosphere: (picture) => <Still picture={{ ...picture, place: lookedAt(picture), light: DAY }} />,
  filter: (picture) => <Still picture={{ ...picture, place: LAMPLIGHT, light: DAY, glass: LARGE }} empty />,
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
/** Three lamps before an evening sky: what a filter changes is lights and skies. */
const LAMPLIGHT: Picture["place"] = {
  ...PLAIN_PLACE,
  sky: ["#2c4674", "#c8a08c"],
  ground: "#4c4a54",
  shapes: [["M-80 62q40-14 90-8t80-4 150 4v8z", "#3c4a54"]],
  lamps: [
    [40, 34, "#ffdca0"],
    [82, 24, "#fff0d0"],
    [122, 38, "#ffc47c"],
  ],
};
const LARGE: Picture["glass"] = { bokeh: "round", size: 3.2 };

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
