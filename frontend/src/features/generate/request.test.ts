import { expect, test } from "vitest";
import { shot } from "@/api/live/fixtures";
import { buildRequest, type GenerateChoices } from "./request";

const shots = [shot({ id: "A" }), shot({ id: "B" }), shot({ id: "C" })];
const choices: GenerateChoices = {
  scope: "all",
  tone: undefined,
  caption: true,
  animatic: true,
  contactSheet: true,
};

test("every shot is asked for without naming them", () => {
  expect(buildRequest(choices, shots, new Set(), () => true).shot_ids).toBeNull();
});

test("a selection goes in the order of the cut", () => {
  const request = buildRequest({ ...choices, scope: "selected" }, shots, new Set(["C", "A"]), () => true);
  expect(request.shot_ids).toEqual(["A", "C"]);
});

test("the animatic has timecode burnt in; what is not wanted or cannot run is left out", () => {
  const follow = (changed: Partial<GenerateChoices>, runs: (name: string) => boolean) =>
    buildRequest({ ...choices, ...changed }, shots, new Set(), runs).follow;
  expect(follow({}, () => true)).toEqual([
    { workflow: "image_to_video/animatic", parameters: { burn_in: true } },
    { workflow: "video_utils/contact_sheet" },
  ]);
  expect(follow({ animatic: false }, () => true)).toHaveLength(1);
  expect(follow({}, () => false)).toEqual([]);
});

test("a tone is sent only when it was chosen", () => {
  expect(buildRequest(choices, shots, new Set(), () => true).parameters).toEqual({ caption: true });
  expect(buildRequest({ ...choices, tone: "line" }, shots, new Set(), () => true).parameters).toEqual({
    caption: true,
    tone: "line",
  });
});
