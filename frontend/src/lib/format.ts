/** Numbers and times as people read them, in the language given. */
export const formatSeconds = (seconds: number, language: string): string =>
  new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 2 }).format(seconds);

export const formatPercent = (fraction: number, language: string): string =>
  new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(fraction);

export const formatGigabytes = (gigabytes: number, language: string): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: gigabytes < 10 ? 1 : 0 }).format(gigabytes);

export const formatTime = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "3 minutes ago". */
export function formatAgo(iso: string, now: number, language: string): string {
  const seconds = Math.min(0, (new Date(iso).getTime() - now) / 1000);
  const [unit, size] = STEPS.find(([, size]) => -seconds >= size) ?? ["second" as const, 1];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** A length of time in the unit that fits: "45 seconds", "12 minutes", "3.5 hours". */
export function formatSpan(seconds: number, language: string): string {
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? (["second", 1] as const);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: size > 60 && seconds < 10 * size ? 1 : 0,
  }).format(seconds / size);
}

/** How long between two times: "5.2s", from a minute on "1:04". */
export function formatTook(from: string, to: string | number, language: string): string {
  const seconds = Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 1000);
  if (seconds < 60) {
    const form = { style: "unit", unit: "second", unitDisplay: "narrow" } as const;
    return new Intl.NumberFormat(language, {
      ...form,
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }).format(seconds);
  }
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
