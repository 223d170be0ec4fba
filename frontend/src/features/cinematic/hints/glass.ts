/** What a lens does to points of light out of focus, and to straight lines. */
export interface Glass {
  bokeh: "round" | "oval" | "triangle" | "swirl" | "halo" | "sharp";
  flare?: "streak" | "veil";
  /** How far straight lines bow outwards, 0 to 1. */
  bow?: number;
  /** How much of the picture's height is in focus, 0 to 1; all of it when left out. */
  band?: number;
  tilted?: true;
  /** How large a point of light grows. */
  size: number;
  warm?: true;
}

export const PLAIN_GLASS: Glass = { bokeh: "round", size: 1 };

export const GLASSES: Readonly<Record<string, Glass>> = {
  spherical_prime: { bokeh: "round", size: 1 },
  anamorphic: { bokeh: "oval", size: 1.2, flare: "streak" },
  macro: { bokeh: "round", size: 2, band: 0.14 },
  vintage: { bokeh: "halo", size: 1, flare: "veil", warm: true },
  tilt_shift: { bokeh: "round", size: 0.9, band: 0.3, tilted: true },
  fisheye: { bokeh: "sharp", size: 0.5, bow: 1 },
  zoom: { bokeh: "round", size: 0.7 },
  cooke_s4: { bokeh: "round", size: 1.15, warm: true },
  zeiss_super_speed: { bokeh: "triangle", size: 1.2 },
  zeiss_supreme_prime: { bokeh: "round", size: 1.3 },
  helios_swirl: { bokeh: "swirl", size: 1.1 },
  probe: { bokeh: "round", size: 1.6, bow: 0.35, band: 0.2 },
  soft_focus_portrait: { bokeh: "halo", size: 1.4 },
};

/** What a filter does to a bright lamp before a sky. */
export interface Filtering {
  /** The glow around lights, 0 to 1. */
  bloom?: number;
  rays?: "star" | "streak";
  /** A dark or coloured veil: over all of it, or over the upper half. */
  veil?: { colour: string; strength: number; upper?: true };
  sparkle?: true;
  blur?: number;
  /** Near and far both sharp, each in its half. */
  split?: true;
  saturation?: number;
  contrast?: number;
}

export const FILTERS: Readonly<Record<string, Filtering>> = {
  black_pro_mist_1_8: { bloom: 0.35, contrast: 0.96 },
  black_pro_mist_1_4: { bloom: 0.7, contrast: 0.88 },
  nd: { veil: { colour: "#000000", strength: 0.4 } },
  graduated_nd: { veil: { colour: "#06101c", strength: 0.75, upper: true } },
  polariser: { veil: { colour: "#0c3f8c", strength: 0.5, upper: true }, saturation: 1.35, contrast: 1.1 },
  glimmerglass: { bloom: 0.45, sparkle: true },
  soft_fx: { bloom: 0.25, blur: 0.7 },
  diffusion_net: { bloom: 0.85, blur: 0.5, contrast: 0.92 },
  star: { rays: "star", bloom: 0.15 },
  blue_streak: { rays: "streak" },
  warming_81ef: { veil: { colour: "#ff9a2c", strength: 0.3 } },
  low_contrast: { contrast: 0.7, bloom: 0.2 },
  split_diopter: { split: true },
  infrared: { saturation: 0, contrast: 1.35, veil: { colour: "#000000", strength: 0.5, upper: true } },
  no_filter: {},
};
