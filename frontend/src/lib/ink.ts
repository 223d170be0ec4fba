import type { Tone } from "@/api/statuses";

/** Colours for what is drawn on canvas: there a custom property means nothing, so each is asked of an element. */
export interface Ink {
  accent: string;
  faint: string;
  line: string;
  band: string;
  lines: string[];
  tones: Record<Tone, string>;
  font: string;
}

const TONES: readonly Tone[] = ["active", "warn", "good", "bad", "done", "idle"];
const TOKENS = TONES.map((tone) => `--fill-${tone}`);

/** So many devices can be told apart by colour. */
export const LINES = TOKENS.length;

export const lineToken = (place: number): string => `var(${TOKENS[place % LINES]})`;

export function inkOf(): Ink {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (colour: string): string => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const ink = {
    accent: read("var(--accent)"),
    faint: read("var(--ink-faint)"),
    line: read("var(--line)"),
    band: read("color-mix(in srgb, var(--accent) 16%, transparent)"),
    lines: TOKENS.map((token) => read(`var(${token})`)),
    tones: Object.fromEntries(TONES.map((tone) => [tone, read(`var(--fill-${tone})`)])) as Record<
      Tone,
      string
    >,
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return ink;
}
