import type { ShotView, SubmitRequest } from "@/api";

export const STORYBOARD = "text_to_image/storyboard";
export const ANIMATIC = "image_to_video/animatic";
export const CONTACT_SHEET = "video_utils/contact_sheet";

export interface GenerateChoices {
  scope: "all" | "selected";
  /** undefined: what the workflow itself takes */
  tone: string | undefined;
  caption: boolean;
  animatic: boolean;
  contactSheet: boolean;
}

/** The batch that these choices ask for; what cannot run in this version is left out. */
export function buildRequest(
  choices: GenerateChoices,
  shots: readonly ShotView[],
  selected: ReadonlySet<string>,
  runs: (workflow: string) => boolean,
): SubmitRequest {
  const { scope, tone, caption, animatic, contactSheet } = choices;
  const follow = [];
  if (animatic && runs(ANIMATIC)) follow.push({ workflow: ANIMATIC, parameters: { burn_in: true } });
  if (contactSheet && runs(CONTACT_SHEET)) follow.push({ workflow: CONTACT_SHEET });
  return {
    workflow: STORYBOARD,
    shot_ids: scope === "selected" ? shots.filter(({ id }) => selected.has(id)).map(({ id }) => id) : null,
    parameters: { caption, ...(tone !== undefined && { tone }) },
    follow,
  };
}
