/** Samples of what is no place: a stock, a light, a lens, a style. They are pictures, the same in both themes. */
import { mix } from "@/features/cinematic/colour";
import type { FilmLook } from "@/features/cinematic/hints/film";
import type { Glass } from "@/features/cinematic/hints/glass";
import type { StyleLook } from "@/features/cinematic/hints/grade";
import type { Light } from "@/features/cinematic/picture";
import { Bokeh } from "./bokeh";
import { Grain } from "./grain";
import { Shade, toward, useDrawingId } from "./shade";

/** A strip of the stock: how it renders from bright to dark, and its grain. */
export function FilmSwatch({ film }: { film: FilmLook }) {
  const id = useDrawingId();
  const holes = Array.from(
    { length: 12 },
    (_, index) => `M${4 + index * 13.4} 5h6v6h-6zM${4 + index * 13.4} 89h6v6h-6z`,
  );
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <defs>
        <linearGradient id={id}>
          <stop offset="0.04" stopColor={film.bright} />
          <stop offset="0.5" stopColor={film.mid} />
          <stop offset="0.96" stopColor={film.dark} />
        </linearGradient>
        <radialGradient id={`${id}h`}>
          <stop offset="0.3" stopColor="#ff3414" />
          <stop offset="1" stopColor="#ff3414" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="160" height="100" fill="#141210" />
      <path d={holes.join("")} fill="#e8e2d6" opacity="0.85" />
      <svg y="16" height="68">
        <rect width="160" height="68" fill={`url(#${id})`} />
        {film.halation && (
          <>
            <circle cx="118" cy="34" r="17" fill={`url(#${id}h)`} opacity="0.85" />
            <circle cx="118" cy="34" r="5.5" fill="#fff4e4" />
          </>
        )}
        <Grain width={160} height={68} grain={film.grain} />
      </svg>
    </svg>
  );
}

/** A ball in the light: its direction, its edge, its colour. */
export function LightBall({ light }: { light: Light }) {
  const id = useDrawingId();
  const { x, y } = toward(light.from);
  const wall = light.key === 0 ? light.colour : mix(light.ambient, light.colour, light.fill * 0.55);
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <defs>
        <Shade id={id} light={light} skin="#f4f1ec" cx={80} cy={48} r={29} />
        <radialGradient id={`${id}w`} cx={0.5 + x * 0.35} cy={0.45 + y * 0.4} r="0.85">
          <stop offset="0" stopColor={mix(wall, light.colour, 0.16 + light.fill * 0.3)} />
          <stop offset="1" stopColor={mix(wall, "#000000", 0.55 - light.fill * 0.5)} />
        </radialGradient>
        <radialGradient id={`${id}f`}>
          <stop offset={0.25 + light.hard * 0.6} stopColor="#000000" stopOpacity="0.6" />
          <stop offset="1" stopColor="#000000" stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect width="160" height="100" fill={`url(#${id}w)`} />
      <ellipse cx={80 - x * 16} cy="80" rx="31" ry="6" fill={`url(#${id}f)`} opacity={1 - light.fill * 0.7} />
      {light.shafts && (
        <path
          d="M20 -6h14l44 112H48zM46 -6h8l52 112H90z"
          fill={light.colour}
          opacity="0.22"
          style={{ mixBlendMode: "screen" }}
        />
      )}
      <circle cx="80" cy="48" r="29" fill={`url(#${id})`} />
      {light.other !== undefined && <circle cx="80" cy="48" r="29" fill={`url(#${id}o)`} />}
      {light.rim > 0 && (
        <circle cx="80" cy="48" r="28" fill="none" strokeWidth="2.4" stroke={`url(#${id}r)`} />
      )}
    </svg>
  );
}

const POINTS: readonly (readonly [number, number, string])[] = [
  [30, 28, "#ffcf8a"],
  [62, 18, "#ffe7c4"],
  [104, 24, "#9cc8ff"],
  [134, 38, "#ffb070"],
  [24, 66, "#9cc8ff"],
  [126, 74, "#ffe7c4"],
  [48, 82, "#ff9c8c"],
];

/** Lights out of focus around a grid that shows how straight its lines stay and where it is sharp. */
export function GlassSample({ glass }: { glass: Glass }) {
  const id = useDrawingId();
  const bow = (glass.bow ?? 0) * 34;
  const band = glass.band === undefined ? undefined : glass.band * 100;
  const tilt = glass.tilted ? "rotate(-14 80 50)" : undefined;
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <rect width="160" height="100" fill="#12151a" />
      {glass.warm && <rect width="160" height="100" fill="#ff9c4c" opacity="0.08" />}
      <path
        d={[-2, -1, 0, 1, 2]
          .map((step) => {
            const [u, v] = [80 + step * 30, 50 + step * 20];
            return `M${u} -2Q${u + step * bow * 0.5} 50 ${u} 102M-2 ${v}Q80 ${v + step * bow * 0.5} 162 ${v}`;
          })
          .join("")}
        fill="none"
        stroke="#8c949e"
        strokeWidth="0.5"
        opacity="0.5"
      />
      {glass.flare === "streak" && <rect y="49.2" width="160" height="1.6" fill="#4c9cff" opacity="0.8" />}
      {glass.flare === "veil" && <circle cx="118" cy="20" r="64" fill="#ffe0b0" opacity="0.14" />}
      {POINTS.map(([x, y, colour], index) => (
        <Bokeh
          key={`${x} ${y}`}
          id={`${id}${index}`}
          glass={glass}
          x={x}
          y={y}
          r={8.5 * glass.size * (index % 2 ? 0.8 : 1)}
          colour={colour}
          open={glass.bokeh !== "sharp"}
        />
      ))}
      {band !== undefined && (
        <g transform={tilt}>
          <rect x="-20" y={50 - band / 2} width="200" height={band} fill="#ffffff" opacity="0.12" />
          <path
            d={`M-20 ${50 - band / 2}h200M-20 ${50 + band / 2}h200`}
            stroke="#ffffff"
            strokeWidth="0.6"
            opacity="0.7"
          />
        </g>
      )}
    </svg>
  );
}

/** One hill, one sun and one house in the colours of the style, by its hand. */
export function StyleSample({ style: { colours, hand } }: { style: StyleLook }) {
  const id = useDrawingId();
  const [dark, low, high, bright] = colours;
  const line = hand === "line";
  const outlined = line || hand === "flat" ? { stroke: dark, strokeWidth: line ? 1 : 1.4 } : {};
  const fill = (colour: string) => (line ? "none" : colour);
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <defs>
        <linearGradient id={id} x2="0" y2="1">
          <stop offset="0" stopColor={low} />
          <stop offset="0.75" stopColor={high} />
        </linearGradient>
        <radialGradient id={`${id}s`}>
          <stop offset="0.3" stopColor={bright} />
          <stop offset="1" stopColor={bright} stopOpacity="0" />
        </radialGradient>
      </defs>
      <rect
        width="160"
        height="100"
        fill={line || hand === "wash" ? bright : hand === "lens" ? `url(#${id})` : high}
      />
      <g style={hand === "wash" ? { filter: "blur(2px)" } : undefined} opacity={hand === "wash" ? 0.8 : 1}>
        {hand === "lens" && <circle cx="112" cy="34" r="32" fill={`url(#${id}s)`} opacity="0.8" />}
        <circle cx="112" cy="34" r="12" fill={fill(hand === "wash" ? high : bright)} {...outlined} />
        <path d="M-5 74Q34 40 74 62T165 58V105H-5z" fill={fill(low)} {...outlined} />
        <path d="M-5 88Q60 66 165 84V105H-5z" fill={fill(dark)} {...outlined} />
        <path
          d="M38 76V60l12-9 12 9v16z"
          fill={fill(hand === "lens" ? mix(dark, low, 0.3) : high)}
          strokeLinejoin={hand === "clay" ? "round" : "miter"}
          {...(hand === "clay" ? { stroke: high, strokeWidth: 6 } : outlined)}
        />
        <rect x="47" y="63" width="6" height="6" fill={fill(bright)} {...outlined} />
      </g>
      {line && <path d="M84 78l10-12M92 80l12-14M100 82l12-14M108 84l12-14" stroke={low} strokeWidth="0.8" />}
      <g>
        {colours.map((colour, index) => (
          <rect key={colour} x={index * 40} y="93" width="40" height="7" fill={colour} />
        ))}
      </g>
    </svg>
  );
}
