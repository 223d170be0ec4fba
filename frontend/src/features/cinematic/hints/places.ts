import { blocks, box, type LampList, passage, ridge, roof, type Shapes, trunks, windows } from "./shapes";

/**
 * Where it happens, drawn in a box of 160 × 100 with the horizon at 62: a sky, flat shapes from far to near, and
 * the lights seen there.
 */
export interface Place {
  sky: readonly [string, string];
  ground: string;
  shapes: Shapes;
  lamps: LampList;
}

const place = (sky: Place["sky"], ground: string, shapes: Shapes, lamps: LampList = []): Place => ({
  sky,
  ground,
  shapes,
  lamps,
});

/** Nowhere in particular. */
export const PLAIN_PLACE: Place = place(["#4a5058", "#868d94"], "#3c4045", []);

export const PLACES: Readonly<Record<string, Place>> = {
  city_street_night: place(
    ["#0b1228", "#2c3358"],
    "#141824",
    [
      [blocks(7, 24, 54, 14), "#1a2140"],
      [blocks(11, 10, 34, 20), "#0f1428"],
    ],
    windows(3, 34, ["#ffd58a", "#ffb45c", "#8cc4ff", "#ff7a9c"]),
  ),
  rainy_alley: place(
    ["#1c2634", "#3c4c5c"],
    "#18202a",
    [
      ...passage(["#1a222c", "#222c38"], "#2c3a4a", "#2a3644"),
      [box(26, 30, 8, 14), "#d8405c"],
      [box(118, 26, 7, 16), "#3cb4c8"],
    ],
    [
      [74, 50, "#ffc878"],
      [88, 52, "#ffc878"],
    ],
  ),
  traditional_market: place(
    ["#3c2c24", "#6c4c34"],
    "#4a382c",
    [
      ...passage(["#5c4030", "#684838"], "#3a2a22", "#6a5444"),
      ["M-40 30L50 46V52L-40 44z", "#c8483c"],
      ["M200 30L110 46V52L200 44z", "#3c7c5c"],
      ["M-40 74L54 64V72L-40 98z", "#8c6440"],
      ["M200 74L106 64V72L200 98z", "#94704c"],
    ],
    [
      [20, 22, "#ffdc94"],
      [44, 34, "#ffdc94"],
      [64, 42, "#ffdc94"],
      [96, 42, "#ffdc94"],
      [116, 34, "#ffdc94"],
      [140, 22, "#ffdc94"],
    ],
  ),
  hanok_village: place(["#94b4cc", "#dcdcc8"], "#a49478", [
    [ridge(5, 8, 26, 26, false), "#7c9488"],
    [roof(34, 42, 36) + roof(126, 40, 40), "#3c4048"],
    [box(10, 51, 48, 12) + box(98, 49, 56, 14), "#d4c4a4"],
    [box(-40, 60, 240, 8), "#8c8478"],
  ]),
  joseon_palace: place(["#7ca4c4", "#e4d8bc"], "#b4a486", [
    [ridge(9, 16, 40, 34, false), "#6c8c84"],
    [roof(80, 26, 46), "#343c44"],
    [box(52, 37, 56, 6), "#3c7c6c"],
    [roof(80, 42, 66), "#2c343c"],
    [box(24, 53, 112, 10), "#a83c30"],
    [box(6, 62, 148, 5) + box(-6, 67, 172, 5), "#c8bca4"],
  ]),
  apartment_interior: place(["#8c7c6c", "#b4a08c"], "#6c5440", [
    [box(96, 14, 44, 34), "#cfe0ea"],
    [box(117, 14, 2, 34) + box(96, 30, 44, 2), "#5c5044"],
    [box(14, 18, 26, 18), "#6c5c50"],
    [box(-10, 52, 78, 22), "#4c5c64"],
  ]),
  office: place(["#a8b4bc", "#c8d0d4"], "#7c848c", [
    [box(0, 10, 50, 42) + box(55, 10, 50, 42) + box(110, 10, 50, 42), "#dcecf4"],
    [box(50, 0, 5, 62) + box(105, 0, 5, 62), "#5c666e"],
    [box(-20, 56, 70, 6) + box(112, 56, 70, 6), "#44505a"],
  ]),
  cafe: place(
    ["#6c4c38", "#94704c"],
    "#4c3424",
    [
      [box(16, 12, 62, 42), "#e8dcc0"],
      [box(46, 12, 2, 42), "#4c3424"],
      [box(100, 20, 50, 3) + box(100, 34, 50, 3), "#3c281c"],
      [box(98, 58, 56, 5) + box(122, 62, 6, 30), "#38241a"],
    ],
    [
      [112, 10, "#ffcf7c"],
      [132, 10, "#ffcf7c"],
    ],
  ),
  classroom: place(["#c8c4a8", "#dcd8c0"], "#94785c", [
    [box(36, 16, 88, 32), "#2c5444"],
    [box(36, 48, 88, 3), "#7c5c3c"],
    [box(8, 62, 26, 5) + box(66, 62, 26, 5) + box(124, 62, 26, 5), "#b48854"],
    [box(12, 67, 2, 14) + box(28, 67, 2, 14) + box(128, 67, 2, 14) + box(144, 67, 2, 14), "#54585c"],
  ]),
  subway: place(
    ["#5c6870", "#8c98a0"],
    "#4c545c",
    [
      ...passage(["#8c98a0", "#98a4ac"], "#c4ccd0", "#5c646c"),
      ["M-30 10L54 46V54L-30 46zM190 10L106 46V54L190 46z", "#1c2830"],
      ["M-30 80L54 64V70L-30 104zM190 80L106 64V70L190 104z", "#3c7c64"],
    ],
    [
      [80, 34, "#f4fff8"],
      [80, 20, "#f4fff8"],
    ],
  ),
  rooftop: place(
    ["#3c4c7c", "#d49474"],
    "#4c4854",
    [
      [blocks(21, 6, 26, 12), "#54507c"],
      [blocks(29, 2, 12, 18), "#3c3a5c"],
      [box(-40, 62, 240, 3) + box(10, 52, 2, 12) + box(60, 52, 2, 12) + box(110, 52, 2, 12), "#26242f"],
      [box(-40, 52, 240, 1.5), "#26242f"],
    ],
    windows(13, 10, ["#ffd890"]).map(([x, , colour]) => [x, 56, colour] as const),
  ),
  hospital_corridor: place(
    ["#a8b8b4", "#c8d4d0"],
    "#98a8a4",
    [
      ...passage(["#a4b8b0", "#b0c4bc"], "#d0dcd8", "#8ca09a"),
      ["M-20 28L22 44V96L-20 116zM180 28L138 44V96L180 116z", "#7c948c"],
      [box(62, 44, 36, 28), "#5c7068"],
    ],
    [
      [80, 30, "#ffffff"],
      [80, 40, "#ffffff"],
    ],
  ),
  warehouse: place(["#4c4840", "#7c7464"], "#4c443a", [
    ["M-40 -30H200V10L80 -6L-40 10z", "#2c2a26"],
    [box(14, 18, 22, 20) + box(46, 18, 22, 20) + box(92, 18, 22, 20) + box(124, 18, 22, 20), "#c4bca0"],
    [box(38, -10, 5, 74) + box(117, -10, 5, 74), "#5c3c28"],
    [box(24, 18, 1.5, 20) + box(56, 18, 1.5, 20) + box(102, 18, 1.5, 20) + box(134, 18, 1.5, 20), "#38332c"],
  ]),
  forest: place(["#8cac8c", "#c4d4a4"], "#3c5030", [
    [trunks(3, 16, 3), "#6c8868"],
    [trunks(8, 9, 6), "#445c40"],
    [trunks(17, 4, 10), "#22301f"],
    [ridge(31, 0, 5, 8, false), "#4c6838"],
  ]),
  seaside: place(["#7cb4dc", "#dcecf0"], "#dccba4", [
    [box(-40, 48, 240, 20), "#3c84ac"],
    ["M-40 64q20-5 40 0t40 0t40 0t40 0t40 0t40 0V74H-40z", "#6cb0c8"],
    ["M-40 70q20-4 40 0t40 0t40 0t40 0t40 0t40 0V76H-40z", "#f4f8f4"],
    ["M-40 74q20-4 40 0t40 0t40 0t40 0t40 0t40 0V150H-40z", "#dccba4"],
  ]),
  mountain: place(["#7ca4d0", "#dce4ec"], "#4c6048", [
    [ridge(14, 18, 50, 22), "#8ca0b8"],
    [ridge(23, 10, 34, 28), "#5c7488"],
    [ridge(37, 2, 16, 34), "#3c5444"],
  ]),
  rice_field: place(["#94c0dc", "#f0ecd0"], "#7ca444", [
    [ridge(6, 8, 22, 32, false), "#7c9c94"],
    [box(100, 56, 12, 6) + box(118, 57, 10, 5), "#c4a484"],
    ["M-40 66q60-6 120 0t120 0v8q-60 6-120 0t-120 0z", "#94b84c"],
    ["M-40 78q60-7 120 0t120 0v10q-60 7-120 0t-120 0z", "#688c34"],
  ]),
  desert: place(["#7cb0d8", "#f4dcac"], "#d8a460", [
    ["M-40 62Q10 40 50 54T120 48T200 58V70H-40z", "#e4b878"],
    ["M-40 70Q30 50 80 66T200 62V150H-40z", "#d09850"],
    ["M80 66Q130 70 200 62V150H60Q110 90 80 66z", "#b07c3c"],
  ]),
  snowfield: place(["#a8bccc", "#e4ecf0"], "#eef3f6", [
    [ridge(41, 3, 12, 30, false), "#c0ced8"],
    ["M-40 66Q40 58 100 66T200 64V150H-40z", "#f6fafc"],
    ["M124 62v-18l-4 6 4-10 4 10-4-6zM140 62v-12l-3 4 3-7 3 7-3-4z", "#5c6c74"],
  ]),
  spaceship: place(
    ["#101820", "#24343c"],
    "#1c262c",
    [
      ...passage(["#26343c", "#2e3e46"], "#1a252c", "#222e36"),
      ["M10 4L26 15V101L10 112zM150 4L134 15V101L150 112z", "#121b21"],
      ["M40 26L48 31V85L40 90zM120 26L112 31V85L120 90z", "#141e25"],
      [box(66, 47, 28, 22), "#0a1016"],
    ],
    [
      [18, 40, "#6cdcff"],
      [142, 40, "#6cdcff"],
      [44, 52, "#6cdcff"],
      [116, 52, "#ffb45c"],
      [80, 44, "#6cdcff"],
    ],
  ),
  studio_cyclorama: place(["#d4d6d8", "#eceded"], "#dcdedf", [["M-40 58Q80 70 200 58V150H-40z", "#e2e4e5"]]),
};
