/** Drawings to scale, in the colours of the theme: what a camera exposes, what a lens sees, the frame. */
import { FULL_FRAME, type Gate } from "@/features/cinematic/hints/bodies";
import { inscribed, viewAngle } from "@/features/cinematic/optics";

const PER_MM = 1.22;

/** The gate of a camera beside a full frame, both at one scale. */
export function GateDrawing({ gate }: { gate: Gate | undefined }) {
  const rect = ({ width_mm, height_mm }: Gate) => ({
    x: 80 - (width_mm * PER_MM) / 2,
    y: 43 - (height_mm * PER_MM) / 2,
    width: width_mm * PER_MM,
    height: height_mm * PER_MM,
  });
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <rect
        {...rect(FULL_FRAME)}
        fill="none"
        stroke="var(--ink-faint)"
        strokeDasharray="2 2.5"
        strokeWidth="0.8"
      />
      {gate && (
        <>
          <rect
            {...rect(gate)}
            rx="1"
            fill="var(--accent-fill)"
            fillOpacity="0.22"
            stroke="var(--accent)"
            strokeWidth="1.2"
          />
          {gate.film && <Perforations {...rect(gate)} across={gate.film === "across"} />}
          <text x="80" y="95" textAnchor="middle" fontSize="9" fill="var(--ink-faint)" className="timecode">
            {gate.width_mm} × {gate.height_mm} mm
          </text>
        </>
      )}
    </svg>
  );
}

interface PerforationsProps {
  x: number;
  y: number;
  width: number;
  height: number;
  across: boolean;
}

/** The holes of a film: beside its gate, or above and below where it runs across. */
function Perforations({ x, y, width, height, across }: PerforationsProps) {
  const size = across ? 2.4 : Math.max(1.2, height / 9);
  const holes = across
    ? Array.from({ length: 15 }, (_, index) => x + (width * (index + 0.5)) / 15 - size / 2).flatMap((at) => [
        [at, y - size * 1.5],
        [at, y + height + size * 0.5],
      ])
    : Array.from({ length: 4 }, (_, index) => [x - size * 2, y + (height * (index + 0.5)) / 4 - size / 2]);
  return holes.map(([left, top]) => (
    <rect
      key={`${left} ${top}`}
      x={left}
      y={top}
      width={size}
      height={size}
      rx={size / 4}
      fill="var(--ink-faint)"
    />
  ));
}

const REACH = 74;

/** The angle that a focal length sees from above, and its number. */
export function AngleDrawing({ focal_mm, gate }: { focal_mm: number | undefined; gate: Gate }) {
  if (focal_mm === undefined) return <svg viewBox="0 0 160 100" aria-hidden />;
  const angle = viewAngle(focal_mm, gate.width_mm);
  const half = (angle / 2) * (Math.PI / 180);
  const [x, y] = [Math.sin(half) * REACH, Math.cos(half) * REACH];
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <path
        d={`M80 88L${80 - x} ${88 - y}A${REACH} ${REACH} 0 0 1 ${80 + x} ${88 - y}z`}
        fill="var(--accent-fill)"
        fillOpacity="0.22"
        stroke="var(--accent)"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
      {/* someone as wide as a person, at the same place in front of every lens */}
      <circle cx="80" cy="40" r="5" fill="var(--ink-soft)" />
      <path d="M70 46q10-6 20 0v3H70z" fill="var(--ink-soft)" />
      <rect x="76" y="86" width="8" height="9" rx="1.5" fill="var(--ink-soft)" />
      <text x="154" y="94" textAnchor="end" fontSize="10" fill="var(--ink-faint)" className="timecode">
        {angle.toFixed(angle < 10 ? 1 : 0)}°
      </text>
    </svg>
  );
}

/** A frame with its thirds, as large as the box allows. */
export function RatioDrawing({ ratio }: { ratio: number | undefined }) {
  if (ratio === undefined) return <svg viewBox="0 0 160 100" aria-hidden />;
  const frame = inscribed(ratio, 132, 78);
  const [x, y] = [frame.x + 14, frame.y + 11];
  const { width, height } = frame;
  return (
    <svg viewBox="0 0 160 100" aria-hidden>
      <rect
        {...{ x, y, width, height }}
        rx="1"
        fill="var(--accent-fill)"
        fillOpacity="0.16"
        stroke="var(--accent)"
        strokeWidth="1.3"
      />
      <path
        d={`M${x + width / 3} ${y}v${height}M${x + (2 * width) / 3} ${y}v${height}M${x} ${y + height / 3}h${width}M${x} ${y + (2 * height) / 3}h${width}`}
        stroke="var(--ink-faint)"
        strokeWidth="0.5"
        strokeDasharray="2 2"
      />
    </svg>
  );
}
