import type { OwnDraft, OwnInput, Proposal, ProposedInput } from "@/api";

/** What the form holds. `version` is the one that was opened; none for a new workflow. */
export interface Form {
  name: string;
  version: number | undefined;
  draft: OwnDraft;
  rows: ProposedInput[];
}

export type InputType = ProposedInput["type"];
export type Source = NonNullable<ProposedInput["source"]>;

export const SOURCES: Partial<Record<InputType, readonly Source[]>> = {
  text: ["prompt", "negative_prompt"],
  integer: ["width", "height", "frame_count"],
  file: ["confirmed_take"],
};
export const RULES = ["value", "wan_frames", "ltx_frames"] as const;

export const formOf = ({ name, draft, inputs }: Proposal, version?: number): Form => ({
  name,
  version,
  draft,
  rows: inputs,
});

/** What the master is sent: what is ticked. */
export const draftOf = ({ draft, rows }: Form): OwnDraft => ({
  ...draft,
  inputs: askedOf(rows).map(inputOf),
});

export const askedOf = (rows: readonly ProposedInput[]): ProposedInput[] => rows.filter(({ asked }) => asked);

const inputOf = (row: ProposedInput): OwnInput => ({
  name: row.name,
  type: row.type,
  places: row.places,
  title_ko: row.title_ko ?? "",
  title_en: row.title_en ?? "",
  default: row.default ?? null,
  min: row.min ?? null,
  max: row.max ?? null,
  multiple_of: row.multiple_of ?? null,
  options: row.options ?? [],
  source: row.source ?? null,
  media: row.media ?? null,
  rule: row.rule ?? "value",
  advanced: row.advanced ?? false,
});

/** Types that can hold what stands in the graph. */
export function typesOf({ type, value }: ProposedInput): readonly InputType[] {
  if (type === "file") return ["file"];
  if (typeof value === "boolean") return ["boolean"];
  if (typeof value === "string") return ["text", "choice"];
  return type === "number" || !Number.isInteger(value) ? ["number"] : ["integer", "number", "seed"];
}

/** A row as another type, with what that type needs. */
export function asType(row: ProposedInput, type: InputType): ProposedInput {
  const plain = { ...row, type, source: null, rule: "value" as const, multiple_of: null };
  const number = typeof row.value === "number" ? row.value : 0;
  switch (type) {
    case "integer":
    case "number":
      return {
        ...plain,
        default: number,
        min: row.min ?? Math.min(0, number),
        max: row.max ?? Math.max(100, number),
      };
    case "choice":
      return {
        ...plain,
        default: String(row.value),
        options: row.options?.length ? row.options : [String(row.value)],
      };
    case "seed":
      return { ...plain, default: null };
    default:
      return { ...plain, default: row.value };
  }
}

const placesOf = ({ places, class_type }: ProposedInput) =>
  places.map(({ node, input }) => `${node} ${class_type} ${input}`);

/** Another graph: what is asked at the same node and input stays as it was set, the rest is as it was guessed. */
export function carried(old: readonly ProposedInput[], found: readonly ProposedInput[]): ProposedInput[] {
  const there = new Map(found.flatMap((row) => placesOf(row).map((place) => [place, row] as const)));
  const kept = askedOf(old).flatMap((row) => {
    const match = placesOf(row).map((place) => there.get(place));
    const [first] = match;
    if (first === undefined || match.some((one) => one === undefined) || first.fixed) return [];
    return [{ ...row, value: first.value, node_title: first.node_title }];
  });
  const taken = new Set(kept.flatMap(placesOf));
  const names = new Set(kept.map(({ name }) => name));
  const sources = new Set(kept.map(({ source }) => source));
  const others = found
    .filter((row) => !placesOf(row).some((place) => taken.has(place)))
    .map((row) => ({
      ...row,
      name: free(row.name, names),
      source: row.source && sources.has(row.source) ? null : row.source,
    }));
  return [...kept, ...others];
}

function free(name: string, taken: Set<string>): string {
  let found = name;
  for (let number = 2; taken.has(found); number += 1) found = `${name.slice(0, 36)}_${number}`;
  taken.add(found);
  return found;
}
