import { ApiError, type Problem } from "@/api/errors";

/** What the master found wrong, by where it is shown. */
export interface Problems {
  /** The sentence for a field of the draft, or of the request. */
  at: (field: string) => string | undefined;
  /** The sentence for a field of an input; `index` counts those that are asked. */
  of: (input: string, index: number, field: string) => string | undefined;
  /** What stands at no field: about the graph itself. */
  rest: readonly Problem[];
  count: number;
}

const FIELDS = new Set(["name", "title_ko", "title_en", "description_ko", "description_en", "kind"]);
const NEEDS = /(^|\.)needs\.\w+$/;
const OF_INPUT = /(^|\.)inputs\.[^.]+\.\w+/;

export function problemsOf(error: unknown): Problems {
  const told = error instanceof ApiError ? listOf(error) : [];
  const find = (fits: (place: string) => boolean) => told.find(({ place }) => fits(place))?.message;
  return {
    at: (field) => find((place) => place === field || place === `draft.${field}`),
    of: (input, index, field) =>
      find((place) => {
        const within = place.replace(/^draft\./, "");
        return within === `inputs.${input}.${field}` || within.startsWith(`inputs.${index}.${field}`);
      }),
    rest: told.filter(
      ({ place }) =>
        !FIELDS.has(place.replace(/^draft\./, "")) && !NEEDS.test(place) && !OF_INPUT.test(place),
    ),
    count: told.length,
  };
}

function listOf(error: ApiError): readonly Problem[] {
  if (error.body.problems.length > 0) return error.body.problems;
  return error.status === 412 ? [] : [{ place: error.body.field ?? "", message: error.message }];
}
