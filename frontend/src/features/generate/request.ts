import type { SubmitRequest, WorkflowView } from "@/api";

export const ANIMATIC = "image_to_video/animatic";
export const CONTACT_SHEET = "video_utils/contact_sheet";

export type Parameter = WorkflowView["parameters"][string];
/** What was entered; what is not named is filled in by the farm. */
export type Values = Readonly<Record<string, unknown>>;

export interface Choices {
  /** Ids in the order of the cut; null: every shot of the project. */
  shots: readonly string[] | null;
  values: Values;
  takes: number;
  priority: number;
  previewFirst: boolean;
  animatic: boolean;
  contactSheet: boolean;
}

/** The parameters that people are asked for, in the order of the file: plain ones, then those for experts. */
export function askedOf(workflow: WorkflowView): {
  plain: [string, Parameter][];
  advanced: [string, Parameter][];
} {
  const asked = Object.entries(workflow.parameters).filter(([, { form }]) => form !== "hidden");
  return {
    plain: asked.filter(([, { advanced }]) => !advanced),
    advanced: asked.filter(([, { advanced }]) => advanced),
  };
}

/** The batch that these choices ask for. `runs` tells what there is an engine for. */
export function buildRequest(
  workflow: WorkflowView,
  choices: Choices,
  runs: (workflow: string) => boolean,
): SubmitRequest {
  const { shots, values, takes, priority, previewFirst, animatic, contactSheet } = choices;
  const follow = [];
  if (isOfImages(workflow)) {
    if (animatic && runs(ANIMATIC)) follow.push({ workflow: ANIMATIC, parameters: { burn_in: true } });
    if (contactSheet && runs(CONTACT_SHEET)) follow.push({ workflow: CONTACT_SHEET });
  }
  const given = Object.entries(values).filter(
    ([name, value]) => name in workflow.parameters && value !== undefined && value !== "",
  );
  return {
    workflow: workflow.name,
    shot_ids: shots === null ? null : [...shots],
    parameters: Object.fromEntries(given),
    priority,
    takes,
    order: previewFirst ? "preview_first" : "as_given",
    follow,
  };
}

export const isOfImages = ({ outputs }: WorkflowView): boolean =>
  outputs.some(({ kind }) => kind === "image");

export type Wrong = { key: "between"; min: number; max: number } | { key: "multiple"; of: number };

/** What the master would refuse in a number, said before it is sent. */
export function wrongOf(parameter: Parameter, value: unknown): Wrong | undefined {
  if ((parameter.type !== "integer" && parameter.type !== "number") || typeof value !== "number")
    return undefined;
  const { min, max } = parameter;
  if (value < min || value > max || Number.isNaN(value)) return { key: "between", min, max };
  if (parameter.type === "integer" && parameter.multiple_of && value % parameter.multiple_of !== 0)
    return { key: "multiple", of: parameter.multiple_of };
  return undefined;
}
