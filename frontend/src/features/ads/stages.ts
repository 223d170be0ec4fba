import type { AdBranchView, AdPicture, AdStageView, AdView } from "@/api";

const NAMED = ["matte", "cut_out", "backdrop", "composite", "fill", "layout", "lettering", "finish"] as const;

/** For its text; a stage that the page does not know yet is just a stage. */
export const stageName = (key: string) => NAMED.find((name) => name === key) ?? "other";

/** All stages of one picture of an ad, in the order in which they are made. */
export const stagesOf = (ad: AdView, branch: AdBranchView): AdStageView[] => [...ad.shared, ...branch.stages];

/** Stages whose picture is a look of the ad itself; the map of free room and the bare lettering are none. */
const LOOKS: ReadonlySet<string> = new Set(["cut_out", "backdrop", "composite", "fill", "finish"]);

/** What to show of a picture of the ad: the result, else how far it has come. */
export function lookOf(ad: AdView, branch: AdBranchView): AdPicture | undefined {
  if (branch.result) return branch.result;
  return (
    stagesOf(ad, branch).findLast(({ key, picture }) => picture !== null && LOOKS.has(key))?.picture ??
    undefined
  );
}

/** The finished background with the product on it, upon which the words are set. */
export const groundOf = (ad: AdView, branch: AdBranchView): AdPicture | undefined =>
  stagesOf(ad, branch).findLast(({ step, status }) => step === 1 && status === "completed")?.picture ??
  undefined;

export interface SizeGroup {
  key: string;
  width: number;
  height: number;
  branches: AdBranchView[];
}

/** Branches by size, variants side by side. */
export function sizesOf({ branches }: AdView): SizeGroup[] {
  const groups = new Map<string, SizeGroup>();
  for (const branch of branches) {
    const key = `${branch.width}x${branch.height}`;
    const group = groups.get(key) ?? { key, width: branch.width, height: branch.height, branches: [] };
    group.branches.push(branch);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export const jobIdsOf = (ad: AdView): Set<string> =>
  new Set([...ad.shared, ...ad.branches.flatMap(({ stages }) => stages)].map(({ job_id }) => job_id));

/** Each once; a cut-out that is doubted is told by a notice of its own. */
export const warningsOf = (ad: AdView): string[] => {
  const told = ad.cut_out?.trusted === false ? "cut_out" : undefined;
  const stages = [...ad.shared, ...ad.branches.flatMap(({ stages }) => stages)];
  return [...new Set(stages.filter(({ key }) => key !== told).flatMap(({ warnings }) => warnings))];
};

/** The first step that is not done: 1 background, 2 words, 3 the finished picture. No later one can be begun at. */
export const firstStepLeft = (ad: AdView): number =>
  Math.min(
    3,
    ...[...ad.shared, ...ad.branches.flatMap(({ stages }) => stages)]
      .filter(({ status }) => status !== "completed")
      .map(({ step }) => step),
  );
