import clsx from "clsx";
import { type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { cornerOf, pathOf, type Point, type Region, regionOf, type Tool } from "./regions";

export interface Mark {
  /** Stands beside it, and before the note in the list. */
  number: number;
  regions: readonly Region[];
  faint?: boolean;
  strong?: boolean;
}

interface MarksProps {
  marks: readonly Mark[];
  /** What the pointer draws; without it the pointer moves the picture. */
  tool?: Tool | undefined;
  onDrawn?: (region: Region) => void;
}

/** What notes mark, over the picture; with a tool, what is being marked. */
export function Marks({ marks, tool, onDrawn }: MarksProps) {
  const { t } = useTranslation();
  const [stroke, setStroke] = useState<readonly Point[]>([]);

  function at(event: PointerEvent<SVGSVGElement>): Point {
    const box = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
  const draws = tool !== undefined && {
    onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      setStroke([at(event)]);
    },
    onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
      if (stroke.length === 0) return;
      event.stopPropagation();
      const now = at(event);
      setStroke(tool === "rectangle" ? [stroke[0] ?? now, now] : [...stroke, now]);
    },
    onPointerUp: (event: PointerEvent<SVGSVGElement>) => {
      event.stopPropagation();
      const region = regionOf(tool, stroke);
      setStroke([]);
      if (region) onDrawn?.(region);
    },
  };
  const drawn = tool && stroke.length > 1 ? regionOf(tool, stroke) : undefined;
  return (
    <>
      <svg
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
        role="img"
        aria-label={t("review.marks")}
        className={clsx(
          "absolute inset-0 size-full",
          tool ? "cursor-crosshair touch-none" : "pointer-events-none",
        )}
        {...draws}
      >
        {marks.flatMap(({ number, regions, faint, strong }) =>
          regions.map((region, index) => (
            <Shape key={`${number}-${index}`} region={region} faint={faint} strong={strong} />
          )),
        )}
        {drawn && <Shape region={drawn} strong />}
      </svg>
      {marks.flatMap(({ number, regions, faint }) =>
        regions.map((region, index) => {
          const [x, y] = cornerOf(region);
          return (
            <span
              key={`${number}-${index}`}
              aria-hidden
              className={clsx(
                "pointer-events-none absolute flex size-5 -translate-1/2 items-center justify-center rounded-full bg-[#efb45c] text-2xs font-bold text-black",
                faint && "opacity-40",
              )}
              style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
            >
              {number}
            </span>
          );
        }),
      )}
    </>
  );
}

/** A dark line under a bright one, to be seen on every picture. */
function Shape({
  region,
  faint,
  strong,
}: {
  region: Region;
  faint?: boolean | undefined;
  strong?: boolean | undefined;
}) {
  const lines = [
    { stroke: "rgb(0 0 0 / 0.7)", strokeWidth: strong ? 6 : 4 },
    { stroke: "#efb45c", strokeWidth: strong ? 3 : 2 },
  ];
  return (
    <g opacity={faint ? 0.35 : 1} fill="none" strokeLinejoin="round" strokeLinecap="round">
      {lines.map((line) =>
        region.kind === "rectangle" ? (
          <rect
            key={line.stroke}
            x={region.x * 1000}
            y={region.y * 1000}
            width={region.width * 1000}
            height={region.height * 1000}
            vectorEffect="non-scaling-stroke"
            {...line}
          />
        ) : (
          <path key={line.stroke} d={pathOf(region.points)} vectorEffect="non-scaling-stroke" {...line} />
        ),
      )}
    </g>
  );
}
