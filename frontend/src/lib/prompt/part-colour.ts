import type { PromptPart } from "@/api";

/** The hue of each part, in degrees. A new part in the API is a compile error here until it has one. */
const HUES: Record<PromptPart, number> = {
  style: 310,
  subject: 75,
  action: 35,
  scene: 145,
  environment: 165,
  camera: 235,
  lens: 255,
  film: 285,
  lighting: 95,
  atmosphere: 200,
  filter: 330,
  ratio: 220,
  triggers: 15,
};

export const partColour = (part: PromptPart): string =>
  `light-dark(oklch(0.43 0.12 ${HUES[part]}), oklch(0.82 0.1 ${HUES[part]}))`;
