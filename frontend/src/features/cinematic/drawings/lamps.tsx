import type { Picture } from "@/features/cinematic/picture";
import { Bokeh } from "./bokeh";

/** The lights seen in the place, as the lens, the film and the filter render them. */
export function Lamps({
  picture: { place, glass, filter, film, angle },
  id,
}: {
  picture: Picture;
  id: string;
}) {
  const open = angle < 45 ? 1.7 : 1;
  return (
    <g style={{ mixBlendMode: "screen" }}>
      {place.lamps.map(([x, y, colour], index) => {
        const bloom = Math.max(filter.bloom ?? 0, film.halation ? 0.6 : 0, glass.bokeh === "halo" ? 0.4 : 0);
        return (
          <g key={`${x} ${y}`}>
            {bloom > 0 && (
              <circle
                cx={x}
                cy={y}
                r={4 + bloom * 4}
                fill={film.halation ? "#ff3c1c" : colour}
                opacity={bloom * 0.3}
              />
            )}
            {(filter.rays === "streak" || glass.flare === "streak") && index % 4 === 0 && (
              <rect x={x - 45} y={y - 0.4} width="90" height="0.8" fill="#4c9cff" opacity="0.5" rx="0.4" />
            )}
            {filter.rays === "star" && index % 3 === 0 && (
              <path
                d={`M${x - 7} ${y}h14M${x} ${y - 7}v14M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`}
                stroke={colour}
                strokeWidth="0.5"
              />
            )}
            <Bokeh
              id={`${id}${index}`}
              glass={glass}
              x={x}
              y={y}
              r={1.15 * open * glass.size}
              colour={colour}
            />
          </g>
        );
      })}
    </g>
  );
}
