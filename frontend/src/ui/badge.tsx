import clsx from "clsx";
import type { ReactNode } from "react";
import type { Tone } from "@/api/statuses";

const TEXT: Record<Tone, string> = {
  idle: "text-tone-idle",
  active: "text-tone-active",
  good: "text-tone-good",
  done: "text-tone-done",
  warn: "text-tone-warn",
  bad: "text-tone-bad",
};

/** Areas may be brighter than words. */
export const FILL: Record<Tone, string> = {
  idle: "bg-fill-idle",
  active: "bg-fill-active",
  good: "bg-fill-good",
  done: "bg-fill-done",
  warn: "bg-fill-warn",
  bad: "bg-fill-bad",
};

/** A status: its colour is never its only sign. */
export function Badge({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) {
  return (
    <span
      title={title}
      className={clsx("inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap", TEXT[tone])}
    >
      <span
        aria-hidden
        className={clsx("size-1.5 rounded-full", FILL[tone], tone === "active" && "animate-pulse")}
      />
      {children}
    </span>
  );
}

export function Chip({ children, title }: { children: ReactNode; title?: string }) {
  return (
    <span
      title={title}
      className="inline-flex max-w-full items-center gap-1 truncate rounded border border-line bg-raised px-1.5 py-px text-xs text-soft"
    >
      {children}
    </span>
  );
}
