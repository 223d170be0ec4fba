/** What a grade does to a picture: colours laid into its shadows and lights, and the usual three knobs. */
export interface Grade {
  shadow: string;
  light: string;
  saturation: number;
  contrast: number;
  brightness: number;
}

export const PLAIN_GRADE: Grade = {
  shadow: "#808080",
  light: "#808080",
  saturation: 1,
  contrast: 1,
  brightness: 1,
};

const grade = (
  shadow: string,
  light: string,
  saturation: number,
  contrast: number,
  brightness = 1,
): Grade => ({
  shadow,
  light,
  saturation,
  contrast,
  brightness,
});

export const GRADES: Readonly<Record<string, Grade>> = {
  teal_and_orange: grade("#007a86", "#ff9a3d", 1.15, 1.12),
  warm_golden: grade("#7a5520", "#ffc04d", 1.1, 1.02, 1.05),
  cool_blue: grade("#24509a", "#9ec4e8", 0.85, 1.08),
  pastel: grade("#b7a3c4", "#ffd9d4", 0.7, 0.75, 1.2),
  desaturated: grade("#7c8084", "#8a8884", 0.4, 1),
  vivid: grade("#6a6f9a", "#a89060", 1.45, 1.08),
  bleach_bypass: grade("#5c6468", "#a5a8a8", 0.35, 1.5),
  high_contrast: grade("#3c3c3c", "#a8a8a8", 1, 1.6),
  faded_matte: grade("#a8a09c", "#a49c88", 0.65, 0.68, 1.12),
  monochrome: grade("#808080", "#808080", 0, 1.1),
  sepia: grade("#8a6434", "#d9b37c", 0.12, 0.95, 1.05),
  technicolor: grade("#2a6a7a", "#e0604a", 1.5, 1.18),
  earthy: grade("#6a6a3a", "#b08850", 0.8, 1),
  neon_saturated: grade("#d0209a", "#20d8e8", 1.4, 1.12),
  day_for_night: grade("#1c3c8a", "#5a78b8", 0.6, 1.05, 0.6),
  clean_bright: grade("#969ca0", "#9a9a98", 1.05, 0.95, 1.22),
  gritty: grade("#6a705c", "#8c8468", 0.75, 1.35, 0.95),
};

/** The colours a style lives in, from dark to bright, and by whose hand it is drawn. */
export interface StyleLook {
  colours: readonly [string, string, string, string];
  hand: "lens" | "line" | "flat" | "wash" | "clay";
}

const look = (hand: StyleLook["hand"], ...colours: StyleLook["colours"]): StyleLook => ({ hand, colours });

export const PLAIN_STYLE: StyleLook = look("lens", "#1b1d20", "#4a4e54", "#8c9198", "#d8d9da");

export const STYLE_LOOKS: Readonly<Record<string, StyleLook>> = {
  cinematic_realism: look("lens", "#14191d", "#3c4c54", "#a57e5c", "#f0d9b8"),
  documentary: look("lens", "#23251f", "#5c6252", "#9a9a86", "#e2dfd0"),
  film_noir: look("lens", "#060606", "#222222", "#6a6a6a", "#f2f2f0"),
  neo_noir: look("lens", "#0a0918", "#26305c", "#b02c6c", "#42c8dc"),
  science_fiction: look("lens", "#0a141c", "#1e4458", "#6aa4b8", "#e6f4f6"),
  cyberpunk: look("lens", "#0e0820", "#4a1c78", "#e8349c", "#38e4e8"),
  high_fantasy: look("lens", "#16241c", "#3c6448", "#b89a4c", "#f6e8b4"),
  period_drama: look("lens", "#241814", "#5e3c2c", "#a8805c", "#ecdcc0"),
  joseon_sageuk: look("lens", "#1c1a22", "#3c4a70", "#b0483c", "#ece4d0"),
  korean_melodrama: look("lens", "#2c2a34", "#6e6c80", "#c8a4a0", "#f6e8e0"),
  horror: look("lens", "#050706", "#1a2420", "#4a5c50", "#a4b4a0"),
  western: look("lens", "#2a180c", "#7c4420", "#c88c48", "#f4d494"),
  romantic_comedy: look("lens", "#4a3840", "#c87884", "#f4b8a4", "#fff0dc"),
  action_thriller: look("lens", "#0c1418", "#28444e", "#c86c2c", "#f4dcb4"),
  music_video: look("lens", "#1a0c30", "#6420b4", "#f04c6c", "#ffd83c"),
  commercial: look("lens", "#5c6670", "#a4b0ba", "#dce2e6", "#ffffff"),
  anime: look("flat", "#2c3c6c", "#5c9cd4", "#f4a48c", "#fdf2d4"),
  webtoon: look("flat", "#2a2438", "#7c6cb4", "#f4948c", "#fff4ec"),
  stop_motion: look("clay", "#3a2c24", "#8c6448", "#c89c6c", "#f0dcb8"),
  watercolour: look("wash", "#4c6484", "#8cb0c4", "#e4b4a0", "#faf4e8"),
  pencil_storyboard: look("line", "#3a3a3c", "#77777a", "#b4b4b4", "#f4f2ec"),
};
