/**
 * Width and height of what a camera exposes, in millimetres: its largest open gate, as commonly told (those of Arri
 * and Panavision compared with published reviews, the others not); for film the camera aperture of the format; for
 * phone, camcorder and drone what is usual of their kind. Good for a drawing, not for a lens test.
 */
export interface Gate {
  width_mm: number;
  height_mm: number;
  /** Film, and which way it runs past the gate. */
  film?: "down" | "across";
}

/** A full frame; angles of view are told for it when no camera is chosen. */
export const FULL_FRAME: Gate = { width_mm: 36, height_mm: 24 };

const gate = (width_mm: number, height_mm: number): Gate => ({ width_mm, height_mm });
const film = (width_mm: number, height_mm: number, runs: Gate["film"] = "down"): Gate => ({
  width_mm,
  height_mm,
  film: runs,
});

export const GATES: Readonly<Record<string, Gate>> = {
  arri_alexa_mini_lf: gate(36.7, 25.54),
  arri_alexa_35: gate(27.99, 19.22),
  arri_alexa_65: gate(54.12, 25.58),
  sony_venice_2: gate(35.9, 24),
  sony_fx3: gate(35.6, 23.8),
  red_v_raptor: gate(40.96, 21.6),
  blackmagic_ursa_cine_12k: gate(35.64, 23.32),
  canon_c500_mark_ii: gate(38.1, 20.1),
  panavision_dxl2: gate(40.96, 21.6),
  arricam_lt: film(24.89, 18.66),
  bolex_h16: film(10.26, 7.49),
  imax_15_70: film(70.41, 52.63, "across"),
  super_8: film(5.79, 4.01),
  minidv_camcorder: gate(4.8, 3.6),
  iphone: gate(9.8, 7.3),
  aerial_drone: gate(17.3, 13),
  hasselblad_x2d: gate(43.8, 32.9),
};
