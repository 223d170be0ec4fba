import type { Glass } from "@/features/cinematic/hints/glass";

interface BokehProps {
  id: string;
  glass: Glass;
  x: number;
  y: number;
  r: number;
  colour: string;
  /** Seen as a disc with an edge, not as a point. */
  open?: boolean;
}

/** A point of light out of focus, in the shape that the lens gives it. */
export function Bokeh({ id, glass, x, y, r, colour, open = false }: BokehProps) {
  const paint = {
    fill: colour,
    fillOpacity: open ? 0.5 : 0.85,
    stroke: open ? colour : "none",
    strokeWidth: 0.7,
  };
  switch (glass.bokeh) {
    case "oval":
      return <ellipse cx={x} cy={y} rx={r * 0.62} ry={r * 1.25} {...paint} />;
    case "triangle":
      return (
        <path
          d={`M${x} ${y - r * 1.1}L${x + r} ${y + r * 0.7}H${x - r}z`}
          {...paint}
          strokeLinejoin="round"
        />
      );
    case "swirl": {
      const turn = (Math.atan2(y - 50, x - 80) * 180) / Math.PI + 90;
      const away = Math.min(1, Math.hypot(x - 80, y - 50) / 60);
      return (
        <ellipse
          cx={x}
          cy={y}
          rx={r * (1 + away * 0.5)}
          ry={r * (1 - away * 0.5)}
          transform={`rotate(${turn} ${x} ${y})`}
          {...paint}
        />
      );
    }
    case "halo":
      return (
        <>
          <radialGradient id={id}>
            <stop offset="0" stopColor={colour} />
            <stop offset="0.4" stopColor={colour} stopOpacity="0.6" />
            <stop offset="1" stopColor={colour} stopOpacity="0" />
          </radialGradient>
          <circle cx={x} cy={y} r={r * 1.7} fill={`url(#${id})`} />
        </>
      );
    case "sharp":
    case "round":
      return <circle cx={x} cy={y} r={r} {...paint} />;
  }
}
