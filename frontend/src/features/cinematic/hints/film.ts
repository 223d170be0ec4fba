/** How a stock renders greys from bright to dark, and how coarse it is. */
export interface FilmLook {
  bright: string;
  mid: string;
  dark: string;
  /** 0: none, 1: gritty */
  grain: number;
  /** Without colour. */
  grey?: true;
  /** A red glow around lights. */
  halation?: true;
}

export const PLAIN_FILM: FilmLook = { bright: "#f4f4f2", mid: "#8d8f92", dark: "#17191b", grain: 0 };

export const FILMS: Readonly<Record<string, FilmLook>> = {
  kodak_vision3_500t: { bright: "#f1e3c6", mid: "#8a7a66", dark: "#1c2430", grain: 0.45 },
  kodak_vision3_250d: { bright: "#fbeacb", mid: "#b08d64", dark: "#2b211b", grain: 0.3 },
  kodak_vision3_200t: { bright: "#efe4cd", mid: "#94806a", dark: "#1d1f26", grain: 0.22 },
  kodak_vision3_50d: { bright: "#fdf6e8", mid: "#a9a38a", dark: "#26302f", grain: 0.06 },
  fuji_eterna_500t: { bright: "#e6e8e0", mid: "#87938f", dark: "#222a30", grain: 0.45 },
  fuji_eterna_vivid: { bright: "#f4e7d2", mid: "#a8553f", dark: "#100e14", grain: 0.2 },
  kodak_ektachrome_100d: { bright: "#f7fbff", mid: "#4f8fb5", dark: "#10233a", grain: 0.15 },
  kodachrome_64: { bright: "#fbe9c8", mid: "#b3432f", dark: "#1f1112", grain: 0.2 },
  kodak_portra_400: { bright: "#fdebdc", mid: "#d3a98e", dark: "#4e4a4c", grain: 0.25 },
  cinestill_800t: { bright: "#ffe0c8", mid: "#4d7186", dark: "#0a1a26", grain: 0.5, halation: true },
  kodak_double_x: { bright: "#eeeeec", mid: "#7c7c7b", dark: "#0d0d0e", grain: 0.5, grey: true },
  kodak_tri_x: { bright: "#fafafa", mid: "#6b6b6b", dark: "#050505", grain: 0.8, grey: true },
  ilford_hp5: { bright: "#ededea", mid: "#8e8e8c", dark: "#202021", grain: 0.4, grey: true },
  clean_digital: { bright: "#fafafa", mid: "#8f9499", dark: "#16181b", grain: 0 },
};
