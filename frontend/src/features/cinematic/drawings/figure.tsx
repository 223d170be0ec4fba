import type { Light } from "@/features/cinematic/picture";
import { Shade, useDrawingId } from "./shade";

const BODY =
  "M73.5 54h13v10c0 4 3 6 8 7.6 12 3.4 19 8 21 23.4l4 130H40.5l4-130c2-15.4 9-20 21-23.4 5-1.6 8-3.6 8-7.6z";
const HEAD =
  "M80 28.5c8.6 0 13 6 13 14.5 0 4-1 8.5-3 12-2.4 4.200-6 7.5-10 7.5s-7.6-3.300-10-7.5c-2-3.5-3-8-3-12 0-8.5 4.4-14.5 13-14.5z";
const HAIR =
  "M80 26.5c10.5 0 15 7 14.6 16-.1 3-.6 5.5-1.4 7.5-.2-5-1.6-9.5-4.200-12-4 1.6-12.5 2.6-17.5.5-2.700 2.800-4 7-4.700 11.5-.8-2-1.300-4.5-1.4-7.5-.4-9 4.100-16 14.6-16z";

/** Someone before the camera, head and shoulders, in the light. */
export function Figure({ light, scale, x = 80 }: { light: Light; scale: number; x?: number }) {
  const id = useDrawingId();
  return (
    <g transform={`translate(${x} 54) scale(${scale}) translate(-80 -50)`}>
      <defs>
        <Shade id={`${id}h`} light={light} skin="#e8c4a8" cx={80} cy={46} r={15} />
        <Shade id={`${id}k`} light={light} skin="#4a3a32" cx={80} cy={42} r={16} />
        <Shade id={`${id}b`} light={light} skin="#6c7684" cx={80} cy={84} r={36} />
      </defs>
      {/* beneath what is lit, so that only its outer edge is seen */}
      {light.rim > 0 && (
        <g fill="none" strokeWidth="3" strokeLinejoin="round">
          <path d={BODY} stroke={`url(#${id}br)`} />
          <path d={HEAD} stroke={`url(#${id}hr)`} />
          <path d={HAIR} stroke={`url(#${id}hr)`} />
        </g>
      )}
      <path d={BODY} fill={`url(#${id}b)`} />
      {light.other !== undefined && <path d={BODY} fill={`url(#${id}bo)`} opacity="0.7" />}
      <path d={HEAD} fill={`url(#${id}h)`} />
      <path d={HAIR} fill={`url(#${id}k)`} />
      {light.other !== undefined && <path d={HEAD} fill={`url(#${id}ho)`} />}
    </g>
  );
}
