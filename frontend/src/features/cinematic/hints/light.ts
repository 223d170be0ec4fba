/** How a light looks, for drawings. Directions are in degrees: 0 from the right, 90 from above, 180 from the left. */
export interface LightSource {
  colour: string;
  /** What the shadows are filled with. */
  ambient: string;
  from: number;
  /** 0: no edge to its shadows, 1: a sharp one */
  hard: number;
  /** A second light of another colour, from the other side. */
  other?: string;
}

export interface LightStyle {
  from: number;
  hard: number;
  /** How much the shadow side gets, 0 to 1. */
  fill: number;
  /** Light from behind around the edge, 0 to 1. */
  rim: number;
  /** How much light falls on the front, 0 to 1. */
  key: number;
  /** Seen beams. */
  shafts?: true;
}

/** Daylight of no hour, for what names no source. */
export const PLAIN_SOURCE: LightSource = { colour: "#f2ede4", ambient: "#3a3d42", from: 135, hard: 0.35 };

export const SOURCES: Readonly<Record<string, LightSource>> = {
  sunlight: { colour: "#fff3d6", ambient: "#5d7ea8", from: 60, hard: 0.95 },
  golden_hour: { colour: "#ffb35a", ambient: "#6b5a78", from: 15, hard: 0.7 },
  blue_hour: { colour: "#8fb4ff", ambient: "#33456e", from: 90, hard: 0.1 },
  overcast_sky: { colour: "#dfe6ee", ambient: "#8d97a3", from: 90, hard: 0.05 },
  window_light: { colour: "#f0f1ea", ambient: "#2b2f36", from: 180, hard: 0.25 },
  moonlight: { colour: "#b9cdf5", ambient: "#0d1424", from: 115, hard: 0.7 },
  neon: { colour: "#ff4fa8", ambient: "#1c1030", from: 175, hard: 0.5, other: "#35d6ff" },
  candlelight: { colour: "#ff9a3c", ambient: "#140a04", from: 240, hard: 0.5 },
  firelight: { colour: "#ff7a24", ambient: "#1a0a05", from: 270, hard: 0.55 },
  practical_lamps: { colour: "#ffc27a", ambient: "#1d1712", from: 30, hard: 0.35 },
  tungsten: { colour: "#ffb765", ambient: "#21170f", from: 135, hard: 0.6 },
  fluorescent: { colour: "#dcf5df", ambient: "#2c3830", from: 90, hard: 0.2 },
  sodium_streetlight: { colour: "#ff9420", ambient: "#120d08", from: 80, hard: 0.75 },
  softbox: { colour: "#fff8f0", ambient: "#4a4a4c", from: 135, hard: 0.1 },
  screen_glow: { colour: "#8ec8ff", ambient: "#080c12", from: 225, hard: 0.3 },
  car_headlights: { colour: "#f4f7ff", ambient: "#07080b", from: 0, hard: 1 },
  lightning: { colour: "#eef2ff", ambient: "#1a2030", from: 100, hard: 1 },
};

export const STYLES: Readonly<Record<string, LightStyle>> = {
  rembrandt: { from: 140, hard: 0.6, fill: 0.12, rim: 0, key: 1 },
  low_key: { from: 165, hard: 0.6, fill: 0, rim: 0.3, key: 0.7 },
  high_key: { from: 100, hard: 0.1, fill: 0.85, rim: 0, key: 1 },
  chiaroscuro: { from: 160, hard: 0.85, fill: 0.04, rim: 0, key: 1 },
  split: { from: 180, hard: 0.95, fill: 0, rim: 0, key: 1 },
  butterfly: { from: 90, hard: 0.5, fill: 0.35, rim: 0, key: 1 },
  rim_backlight: { from: 90, hard: 0.6, fill: 0.08, rim: 1, key: 0.12 },
  silhouette: { from: 90, hard: 0.5, fill: 0, rim: 0.2, key: 0 },
  three_point: { from: 135, hard: 0.4, fill: 0.4, rim: 0.7, key: 1 },
  soft: { from: 120, hard: 0, fill: 0.5, rim: 0, key: 0.95 },
  hard: { from: 140, hard: 1, fill: 0.08, rim: 0, key: 1 },
  motivated: { from: 20, hard: 0.5, fill: 0.2, rim: 0.15, key: 0.9 },
  top_light: { from: 90, hard: 0.8, fill: 0.04, rim: 0, key: 1 },
  underlight: { from: 270, hard: 0.6, fill: 0.05, rim: 0, key: 1 },
  volumetric: { from: 125, hard: 0.6, fill: 0.15, rim: 0.4, key: 0.9, shafts: true },
  naturalistic: { from: 110, hard: 0.3, fill: 0.4, rim: 0, key: 0.95 },
};
