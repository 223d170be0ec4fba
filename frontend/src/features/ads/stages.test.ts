import { expect, test } from "vitest";
import type { AdBranchView, AdPicture, AdStageView, AdView, JobStatus } from "@/api";
import { groundOf, jobIdsOf, lookOf, sizesOf, stagesOf, warningsOf } from "./stages";

const picture = (media_id: string): AdPicture => ({
  media_id,
  name: `${media_id}.png`,
  url: `/api/media/${media_id}`,
  thumbnail_url: null,
  width: 1024,
  height: 1024,
});

function stage(key: string, step: number, status: JobStatus): AdStageView {
  return {
    key,
    step,
    title: key,
    workflow: `ads/${key}`,
    job_id: `job-${key}`,
    status,
    progress: 0,
    message: "",
    warnings: [],
    attempt: 1,
    picture: status === "completed" ? picture(key) : null,
    earlier: [],
  };
}

function branch(size: [number, number], variant: number, stages: AdStageView[], result = ""): AdBranchView {
  return {
    key: `${size[0]}x${size[1]}/${variant}`,
    width: size[0],
    height: size[1],
    variant,
    seed: 0,
    background_style: "marble",
    text_style: "neon",
    result: result ? picture(result) : null,
    stages,
  };
}

const ad = (...branches: AdBranchView[]): AdView =>
  ({ shared: [stage("cut_out", 1, "completed")], branches }) as AdView;
const SQUARE: [number, number] = [1024, 1024];
const REWRITTEN = [
  stage("backdrop", 1, "completed"),
  stage("composite", 1, "completed"),
  stage("layout", 2, "completed"),
  stage("lettering", 2, "completed"),
  stage("finish", 3, "running"),
];

test("until the result is there the last picture that looks like the ad is shown, no map and no bare words", () => {
  const one = branch(SQUARE, 1, REWRITTEN);
  expect(lookOf(ad(one), one)?.media_id).toBe("composite");
  const early = branch(SQUARE, 1, [stage("backdrop", 1, "running")]);
  expect(lookOf(ad(early), early)?.media_id).toBe("cut_out");
});

test("the result goes before all stages", () => {
  const one = branch(SQUARE, 1, REWRITTEN, "made");
  expect(lookOf(ad(one), one)?.media_id).toBe("made");
});

test("the ground of the words is the last finished picture of the first step", () => {
  const one = branch(SQUARE, 1, REWRITTEN);
  expect(groundOf(ad(one), one)?.media_id).toBe("composite");
});

test("shared stages stand before those of each branch, and all their jobs are the ad's", () => {
  const one = branch(SQUARE, 1, REWRITTEN);
  expect(stagesOf(ad(one), one).map(({ key }) => key)).toEqual([
    "cut_out",
    ...REWRITTEN.map(({ key }) => key),
  ]);
  expect(jobIdsOf(ad(one)).size).toBe(6);
});

test("variants of a size stand together", () => {
  const tall: [number, number] = [1080, 1920];
  const all = ad(branch(SQUARE, 1, []), branch(SQUARE, 2, []), branch(tall, 1, []), branch(tall, 2, []));
  expect(sizesOf(all).map(({ key, branches }) => [key, branches.map(({ variant }) => variant)])).toEqual([
    ["1024x1024", [1, 2]],
    ["1080x1920", [1, 2]],
  ]);
});

test("what several branches warn of is told once, and a doubted cut-out by its own notice alone", () => {
  const warned = (key: string, ...warnings: string[]) => ({ ...stage(key, 2, "completed"), warnings });
  const one = branch(SQUARE, 1, [warned("lettering", "Marble was drawn.", "No room.")]);
  const two = branch(SQUARE, 2, [warned("lettering", "Marble was drawn.")]);
  const both = { ...ad(one, two), shared: [warned("cut_out", "Not certain.")] };
  expect(warningsOf(both)).toEqual(["Not certain.", "Marble was drawn.", "No room."]);
  const cut_out = { trusted: false, confidence: 0.4 };
  expect(warningsOf({ ...both, cut_out })).toEqual(["Marble was drawn.", "No room."]);
});
