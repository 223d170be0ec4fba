import type { ShotView, SubmitRequest, TakeView, WorkflowView } from "@/api";

export interface Again {
  seed: "same" | "new";
  /** What is added to the action first; empty for nothing. */
  addition: string;
}

const SEED_PARAMETERS = "seed";

/** Whether the farm fills it in from the shot. */
const isOfShot = (parameter: WorkflowView["parameters"][string]): boolean =>
  parameter.type === "shot" ||
  parameter.type === "clips" ||
  parameter.type === "loras" ||
  ("source" in parameter && parameter.source !== null);

/**
 * The batch that makes a take again. As long as the shot is what it was, everything stays as in the recipe; of a shot
 * that changed, what follows from it is filled in anew.
 */
export function requestAgain(take: TakeView, workflow: WorkflowView, again: Again): SubmitRequest {
  const given = take.recipe["parameters"];
  const known = typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
  const anew = take.stale || again.addition.trim() !== "";
  const parameters = Object.fromEntries(
    Object.entries(known).filter(([name, value]) => {
      const parameter = workflow.parameters[name];
      if (parameter === undefined || value === null) return false;
      if (parameter.type === SEED_PARAMETERS) return again.seed === "same";
      if (parameter.type === "shot" || parameter.type === "clips" || parameter.type === "loras") return false;
      return !anew || !isOfShot(parameter);
    }),
  );
  return { workflow: workflow.name, shot_ids: [take.shot_id], parameters };
}

/** The action with the addition as one more sentence. */
export function actionWith(shot: ShotView, addition: string): string {
  const [before, added] = [shot.action.trim(), addition.trim()];
  if (!before || !added) return before || added;
  return /[.!?,。]$/.test(before) ? `${before} ${added}` : `${before}. ${added}`;
}
