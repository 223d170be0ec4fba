import clsx from "clsx";
import type { Tone } from "@/api/statuses";
import { FILL } from "./badge";

const clamp = (fraction: number): number => Math.max(0, Math.min(1, fraction));

export function Bar({ value, tone = "active", label }: { value: number; tone?: Tone; label: string }) {
  const percent = Math.round(clamp(value) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className={clsx("h-full rounded-full transition-[width] duration-300", FILL[tone])}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}

export interface Segment {
  tone: Tone;
  count: number;
  label: string;
}

/** How many of each; the widths are the shares. */
export function Segments({ segments, label }: { segments: readonly Segment[]; label: string }) {
  const shown = segments.filter(({ count }) => count > 0);
  const told = shown.map(({ label: name, count }) => `${name} ${count}`).join(", ");
  return (
    <div
      role="img"
      aria-label={`${label}: ${told}`}
      className="flex h-1 w-full gap-px overflow-hidden rounded-full bg-line"
    >
      {shown.map(({ tone, count, label: name }) => (
        <div
          key={name}
          title={`${name} ${count}`}
          className={clsx(
            "h-full transition-[flex-grow] duration-500",
            FILL[tone],
            tone === "idle" && "opacity-30",
          )}
          style={{ flexGrow: count, flexBasis: 0 }}
        />
      ))}
    </div>
  );
}

const RADIUS = 15;
const AROUND = 2 * Math.PI * RADIUS;

export function Ring({ value, label, size = 36 }: { value: number; label: string; size?: number }) {
  const share = clamp(value);
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      viewBox="0 0 36 36"
      width={size}
      height={size}
      className="-rotate-90"
    >
      <circle
        cx="18"
        cy="18"
        r={RADIUS}
        fill="rgb(0 0 0 / 0.45)"
        stroke="rgb(255 255 255 / 0.2)"
        strokeWidth="3"
      />
      <circle
        cx="18"
        cy="18"
        r={RADIUS}
        fill="none"
        stroke="#efb45c"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray={AROUND}
        strokeDashoffset={AROUND * (1 - Math.max(share, 0.03))}
        className="transition-[stroke-dashoffset] duration-300"
      />
    </svg>
  );
}
