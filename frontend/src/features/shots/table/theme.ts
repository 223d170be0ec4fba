import type { Theme } from "@glideapps/glide-data-grid";

const FONT = '"Pretendard Variable", Pretendard, system-ui, sans-serif';

const known = new Map<string, string>();

/** A colour of the page, as the canvas needs it. Asked once for each theme: a canvas asks many times a frame. */
export function colour(name: string): string {
  let found = known.get(name);
  if (found === undefined) known.set(name, (found = resolved(`var(--${name})`)));
  return found;
}

let probe: HTMLElement | undefined;

/** `light-dark()` and mixtures are resolved by the browser alone. */
function resolved(css: string): string {
  if (probe === undefined) {
    probe = document.createElement("i");
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = css;
  return getComputedStyle(probe).color;
}

/** The grid in the colours that the page has now. */
export function gridTheme(): Partial<Theme> {
  known.clear();
  return {
    accentColor: colour("accent"),
    accentFg: colour("accent-ink"),
    accentLight: resolved("color-mix(in srgb, var(--accent) 12%, transparent)"),
    textDark: colour("ink"),
    textMedium: colour("ink-soft"),
    textLight: colour("ink-faint"),
    textBubble: colour("ink"),
    bgIconHeader: colour("ink-faint"),
    fgIconHeader: colour("paper"),
    textHeader: colour("ink-soft"),
    textHeaderSelected: colour("accent-ink"),
    bgCell: colour("paper"),
    bgCellMedium: colour("surface"),
    bgHeader: colour("surface"),
    bgHeaderHasFocus: colour("hover"),
    bgHeaderHovered: colour("hover"),
    bgBubble: colour("raised"),
    bgBubbleSelected: colour("accent-soft"),
    bgSearchResult: colour("accent-soft"),
    borderColor: colour("line"),
    horizontalBorderColor: colour("line"),
    drilldownBorder: colour("line"),
    linkColor: colour("accent"),
    cellHorizontalPadding: 9,
    cellVerticalPadding: 6,
    headerFontStyle: "600 12px",
    baseFontStyle: "13px",
    markerFontStyle: "11px",
    fontFamily: FONT,
    editorFontSize: "13px",
    lineHeight: 1.45,
    checkboxMaxSize: 16,
    headerIconSize: 16,
  };
}
