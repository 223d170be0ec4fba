import type { WorkflowView } from "@/api";
import { readStored, writeStored } from "@/lib/stored";
import type { Choices, Values } from "./request";

export type Kept = Omit<Choices, "shots" | "values">;

const START: Kept = { takes: 1, priority: 50, previewFirst: false, animatic: true, contactSheet: true };

const read = (key: string): Record<string, unknown> => {
  try {
    const kept: unknown = JSON.parse(readStored(key) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : {};
  } catch {
    return {}; // written by another version
  }
};

const keyOf = (project: string, workflow = ""): string => `generate.${project}.${workflow}`;

export function recall(project: string): { workflow: string | undefined; kept: Kept } {
  const { workflow, ...kept } = read(keyOf(project));
  const same = Object.entries(START).map(([name, value]) => {
    const known = kept[name];
    return [name, typeof known === typeof value ? known : value];
  });
  return {
    workflow: typeof workflow === "string" ? workflow : undefined,
    kept: Object.fromEntries(same) as Kept,
  };
}

/** What was entered for a workflow last time. Seeds, files and words of single shots are not kept. */
export const recallValues = (project: string, workflow: string): Values => read(keyOf(project, workflow));

export function remember(project: string, workflow: WorkflowView, kept: Kept, values: Values): void {
  const lasting = Object.entries(values).filter(([name]) => {
    const type = workflow.parameters[name]?.type;
    return type !== "seed" && type !== "file" && type !== "text";
  });
  writeStored(keyOf(project), JSON.stringify({ workflow: workflow.name, ...kept }));
  writeStored(keyOf(project, workflow.name), JSON.stringify(Object.fromEntries(lasting)));
}
