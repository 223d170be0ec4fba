import { memo } from "react";
import { dice, mix } from "@/features/cinematic/colour";
import { inscribed } from "@/features/cinematic/optics";
import type { Picture } from "@/features/cinematic/picture";
import { Figure } from "./figure";
import { Grain } from "./grain";
import { Lamps } from "./lamps";
import { toward, useDrawingId } from "./shade";

const [WIDTH, HEIGHT] = [160, 100];
const NORMAL = Math.tan((54.4 / 2) * (Math.PI / 180)); // 35 mm on a full frame

interface StillProps {
  picture: Picture;
  /** Without anyone in it. */
  empty?: boolean;
  className?: string;
}

/** A small picture as the option would give it: place, light, lens, film, grade, air and frame, none of it more than a hint. */
export const Still = memo(function Still({ picture, empty, className }: StillProps) {
  const id = useDrawingId();
  const { light, place, air, film, grade, filter, ratio } = picture;
  const frame = inscribed(ratio, WIDTH, HEIGHT);
  const closer = NORMAL / Math.tan((picture.angle / 2) * (Math.PI / 180));
  const near =
    clamp(closer ** 0.55 * (air.distance ? 0.55 : 1), 0.42, 1.75) * clamp(frame.height / 76, 0.7, 1);
  const far = clamp(closer ** 0.5, 0.8, 2.2);
  const blur = clamp((closer - 1) * 1.1, 0, 2.6) * (picture.glass.bokeh === "sharp" || filter.split ? 0 : 1);
  const wash = mix(light.ambient, light.colour, 0.35 + light.fill * 0.3);
  const saturation = (film.grey ? 0 : grade.saturation) * (filter.saturation ?? 1);
  const look =
    `saturate(${saturation}) contrast(${grade.contrast * (filter.contrast ?? 1)}) ` +
    `brightness(${grade.brightness})${filter.blur ? ` blur(${filter.blur}px)` : ""}`;
  const beam = toward(light.from);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={className} aria-hidden>
      <defs>
        <clipPath id={`${id}c`}>
          <rect {...frame} rx="1.5" />
        </clipPath>
        <linearGradient id={`${id}s`} x2="0" y2="1">
          <stop offset="0" stopColor={place.sky[0]} />
          <stop offset="0.56" stopColor={place.sky[1]} />
          <stop offset="0.56" stopColor={place.ground} />
          <stop offset="1" stopColor={mix(place.ground, "#000000", 0.3)} />
        </linearGradient>
        <radialGradient id={`${id}v`} r="0.72">
          <stop offset="0.45" stopColor="#000000" stopOpacity="0" />
          <stop offset="1" stopColor="#000000" stopOpacity={air.vignette} />
        </radialGradient>
        <linearGradient id={`${id}h`} x2="0" y2="1">
          <stop offset="0" stopColor={air.tint} stopOpacity={air.haze * 0.6} />
          <stop offset="0.62" stopColor={air.tint} stopOpacity={air.haze} />
          <stop offset="1" stopColor={air.tint} stopOpacity={air.haze * 0.5} />
        </linearGradient>
        <radialGradient id={`${id}g`} cy="0.4" r="0.6">
          <stop offset="0" stopColor={air.tint} stopOpacity="0.55" />
          <stop offset="1" stopColor={air.tint} stopOpacity="0" />
        </radialGradient>
        <linearGradient id={`${id}u`} x2="0" y2="1">
          <stop offset="0.1" stopColor={filter.veil?.colour} stopOpacity={filter.veil?.strength} />
          <stop offset={filter.veil?.upper ? 0.62 : 4} stopColor={filter.veil?.colour} stopOpacity="0" />
        </linearGradient>
      </defs>
      <rect {...frame} rx="1.5" fill="#0a0a0b" />
      <g clipPath={`url(#${id}c)`}>
        <g style={{ filter: look }}>
          <g
            transform={`translate(80 62) scale(${far}) translate(-80 -62)`}
            style={blur > 0.2 ? { filter: `blur(${blur.toFixed(1)}px)` } : undefined}
          >
            <rect x="-80" y="-50" width="320" height="200" fill={`url(#${id}s)`} />
            {place.shapes.map(([path, fill]) => (
              <path key={path} d={path} fill={fill} />
            ))}
            <rect
              x="-80"
              y="-50"
              width="320"
              height="200"
              fill={wash}
              style={{ mixBlendMode: "multiply" }}
              opacity={light.key === 0 ? 0 : 0.6 - light.fill * 0.35}
            />
            <Lamps picture={picture} id={`${id}l`} />
          </g>
          {air.haze > 0 && <rect width={WIDTH} height={HEIGHT} fill={`url(#${id}h)`} />}
          {filter.split ? (
            <Figure light={light} scale={1.45} x={46} />
          ) : (
            !empty && <Figure light={light} scale={near} />
          )}
          {light.shafts && (
            <g opacity="0.34" style={{ mixBlendMode: "screen" }} fill={light.colour}>
              {[-26, 0, 24].map((shift) => (
                <path key={shift} d={`M${80 + beam.x * 90 + shift} -12l10 0L${100 + shift * 2.2} 112h-34z`} />
              ))}
            </g>
          )}
          {air.glow && (
            <rect width={WIDTH} height={HEIGHT} fill={`url(#${id}g)`} style={{ mixBlendMode: "screen" }} />
          )}
        </g>
        <rect
          width={WIDTH}
          height={HEIGHT}
          fill={grade.shadow}
          style={{ mixBlendMode: "soft-light" }}
          opacity={grade.shadow === "#808080" ? 0 : 0.55}
        />
        <rect
          width={WIDTH}
          height={HEIGHT}
          fill={grade.light}
          style={{ mixBlendMode: "overlay" }}
          opacity={grade.light === "#808080" ? 0 : 0.32}
        />
        {film.mid !== "#8d8f92" && !film.grey && (
          <rect
            width={WIDTH}
            height={HEIGHT}
            fill={film.mid}
            style={{ mixBlendMode: "soft-light" }}
            opacity="0.5"
          />
        )}
        {filter.veil && (
          <rect width={WIDTH} height={HEIGHT} fill={`url(#${id}u)`} style={{ mixBlendMode: "multiply" }} />
        )}
        <Falling falls={air.falls} />
        <rect {...frame} fill={`url(#${id}v)`} />
        <Grain width={WIDTH} height={HEIGHT} grain={film.grain} />
      </g>
    </svg>
  );
});

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** What falls through the air, each at its place. */
function Falling({ falls }: { falls: Picture["air"]["falls"] }) {
  if (falls === undefined) return null;
  const roll = dice(5);
  const points = Array.from({ length: falls === "rain" ? 70 : 46 }, () => ({
    x: roll.next().value * 170 - 5,
    y: roll.next().value * 104 - 4,
    size: roll.next().value,
  }));
  if (falls === "rain")
    return (
      <path
        d={points
          .map(({ x, y, size }) => `M${x.toFixed(1)} ${y.toFixed(1)}l-1.6 ${(6 + size * 7).toFixed(1)}`)
          .join("")}
        stroke="#dcecf8"
        strokeWidth="0.5"
        opacity="0.55"
      />
    );
  return points.map(({ x, y, size }) => (
    <circle
      key={`${x} ${y}`}
      cx={x}
      cy={y}
      r={falls === "snow" ? 0.5 + size * 1.1 : 0.25 + size * 0.6}
      fill={falls === "snow" ? "#ffffff" : "#ffe0a8"}
      opacity={0.4 + size * 0.5}
    />
  ));
}
