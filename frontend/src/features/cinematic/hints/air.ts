/** What hangs in the air, or the mood that tints it. */
export interface Air {
  falls?: "rain" | "snow" | "dust";
  /** How much of the distance it hides, 0 to 1. */
  haze: number;
  tint: string;
  /** How dark the corners are, 0 to 1. */
  vignette: number;
  /** Light that spreads from the middle. */
  glow?: true;
  /** The figure small in much space, or before a scale beyond it. */
  distance?: true;
}

export const PLAIN_AIR: Air = { haze: 0, tint: "#808080", vignette: 0.15 };

const mood = (tint: string, vignette: number, more: Partial<Air> = {}): Air => ({
  haze: 0.08,
  tint,
  vignette,
  ...more,
});

export const AIRS: Readonly<Record<string, Air>> = {
  misty: mood("#c4d0d6", 0.1, { haze: 0.75 }),
  rainy: mood("#5c7688", 0.35, { haze: 0.25, falls: "rain" }),
  snowy: mood("#d4e0ec", 0.1, { haze: 0.3, falls: "snow" }),
  hazy: mood("#b8a890", 0.2, { haze: 0.5 }),
  dusty: mood("#c8985c", 0.25, { haze: 0.35, falls: "dust" }),
  tense: mood("#5c7c6c", 0.6),
  ominous: mood("#6c2c34", 0.85),
  mysterious: mood("#4c3c84", 0.6, { haze: 0.25 }),
  melancholic: mood("#5c7ca4", 0.35),
  lonely: mood("#7088a0", 0.3, { distance: true }),
  dreamy: mood("#d4a8e4", 0.05, { haze: 0.3, glow: true }),
  romantic: mood("#ff8c94", 0.15, { glow: true }),
  nostalgic: mood("#e8a45c", 0.35, { haze: 0.15 }),
  joyful: mood("#ffd04c", 0, { glow: true }),
  calm: mood("#8cc0c0", 0.05),
  epic: mood("#e0a860", 0.3, { glow: true, distance: true }),
};
