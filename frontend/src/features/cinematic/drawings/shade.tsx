import { useId } from "react";
import { mix } from "@/features/cinematic/colour";
import type { Light } from "@/features/cinematic/picture";

/** An id for gradients that may stand in `url(#…)`. */
export const useDrawingId = (): string => `d${useId().replaceAll(/\W/g, "")}`;

/** The point of the unit circle that a light comes from; y grows downwards. */
export function toward(degrees: number): { x: number; y: number } {
  const radians = (degrees * Math.PI) / 180;
  return { x: Math.cos(radians), y: -Math.sin(radians) };
}

interface ShadeProps {
  id: string;
  light: Light;
  /** The colour of what is lit. */
  skin?: string;
  /** Where the light stands, in shares of what is lit; further out for what is flat. */
  cx: number;
  cy: number;
  r: number;
}

/** Light on something round: bright where it falls, its shadow's edge as hard as the light is. */
export function Shade({ id, light, skin = "#ffffff", cx, cy, r }: ShadeProps) {
  const { x, y } = toward(light.from);
  const bright = times(skin, light.colour);
  const dark = times(
    skin,
    mix("#040405", mix(light.ambient, light.colour, light.fill * 0.8), 0.2 + 0.8 * light.fill),
  );
  const face = mix(dark, bright, light.key);
  const soft = (1 - light.hard) * 0.42;
  return (
    <>
      <radialGradient
        id={id}
        gradientUnits="userSpaceOnUse"
        cx={cx + x * r * 0.72}
        cy={cy + y * r * 0.72}
        r={r * 1.72}
      >
        <stop offset="0" stopColor={face} />
        <stop offset={Math.max(0.12, 0.5 - soft)} stopColor={mix(dark, face, 0.86)} />
        <stop offset={0.54 + soft} stopColor={dark} />
      </radialGradient>
      <linearGradient id={`${id}r`} x1="0.3" y1="0" x2="0.7" y2="1">
        <stop offset="0" stopColor={light.colour} stopOpacity={light.rim} />
        <stop offset="0.75" stopColor={light.colour} stopOpacity={light.rim * 0.25} />
      </linearGradient>
      {light.other !== undefined && (
        <linearGradient id={`${id}o`} x1={x > 0 ? 0 : 1} x2={x > 0 ? 1 : 0}>
          <stop offset="0" stopColor={light.other} stopOpacity="0.95" />
          <stop offset="0.45" stopColor={light.other} stopOpacity="0" />
        </linearGradient>
      )}
    </>
  );
}

/** A colour under a coloured light. */
function times(first: string, second: string): string {
  const at = (hex: string, index: number) => Number.parseInt(hex.slice(1 + index * 2, 3 + index * 2), 16);
  return `#${[0, 1, 2]
    .map((index) => Math.round((at(first, index) * at(second, index)) / 255))
    .map((one) => one.toString(16).padStart(2, "0"))
    .join("")}`;
}
