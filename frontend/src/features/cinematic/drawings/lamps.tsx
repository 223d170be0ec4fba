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
  const every = Math.ceil(place.lamps.length / 5); // of many lamps a few stand for all
  const rays = (filter.rays === "star" ? 5 : 2.4) * glass.size;
  return (
    <g style={{ mixBlendMode: "screen" }}>
      {place.lamps.map(([x, y, colour], index) => {
        const bloom = Math.max(filter.bloom ?? 0, film.halation ? 0.6 : 0, glass.bokeh === "halo" ? 0.4 : 0);
        return (
          <g key={`${x} ${y}`}>
            {bloom > 0 && (
              <>
                <radialGradient id={`${id}b${index}`}>
                  <stop
                    offset="0.15"
                    stopColor={film.halation ? "#ff3c1c" : colour}
                    stopOpacity={bloom * 0.7}
                  />
                  <stop offset="1" stopColor={film.halation ? "#ff3c1c" : colour} stopOpacity="0" />
                </radialGradient>
                <circle cx={x} cy={y} r={(3.5 + bloom * 5.5) * glass.size} fill={`url(#${id}b${index})`} />
              </>
            )}
            {(filter.rays === "streak" || glass.flare === "streak") && index % every === 0 && (
              <rect x={x - 45} y={y - 0.4} width="90" height="0.8" fill="#4c9cff" opacity="0.5" rx="0.4" />
            )}
            {(filter.sparkle || (filter.rays === "star" && index % every === 0)) && (
              <path
                d={`M${x - rays} ${y}h${2 * rays}M${x} ${y - rays}v${2 * rays}M${x - rays / 2} ${y - rays / 2}l${rays} ${rays}M${x + rays / 2} ${y - rays / 2}l${-rays} ${rays}`}
                stroke={colour}
                strokeWidth="0.6"
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
