import { expect, test } from "vitest";
import type { WorkflowView } from "@/api";
import { askedOf, buildRequest, type Choices, wrongOf } from "./request";

const label = { en: "x", ko: "x" };
const common = { label, help: null, required: false };
const workflow = {
  name: "text_to_image/storyboard",
  outputs: [{ kind: "image" }],
  parameters: {
    shot: { ...common, type: "shot", form: "hidden", advanced: false },
    width: { ...common, type: "integer", form: "spin", advanced: false, min: 256, max: 4096, multiple_of: 2 },
    steps: { ...common, type: "number", form: "slider", advanced: true, min: 0, max: 1 },
  },
} as unknown as WorkflowView;
const choices: Choices = {
  shots: null,
  values: {},
  takes: 1,
  priority: 50,
  previewFirst: false,
  animatic: true,
  contactSheet: true,
};

test("every shot is asked for without naming them; a selection is named", () => {
  expect(buildRequest(workflow, choices, () => true).shot_ids).toBeNull();
  expect(buildRequest(workflow, { ...choices, shots: ["A", "C"] }, () => true).shot_ids).toEqual(["A", "C"]);
});

test("only what was entered is sent, and only what the workflow knows", () => {
  const values = { width: 640, seed: undefined, prompt: "", elsewhere: 3 };
  expect(buildRequest(workflow, { ...choices, values }, () => true).parameters).toEqual({ width: 640 });
});

test("films follow pictures, when they are wanted and can be made", () => {
  const follow = (changed: Partial<Choices>, runs = true) =>
    buildRequest(workflow, { ...choices, ...changed }, () => runs).follow;
  expect(follow({})).toEqual([
    { workflow: "image_to_video/animatic", parameters: { burn_in: true } },
    { workflow: "video_utils/contact_sheet" },
  ]);
  expect(follow({ animatic: false })).toHaveLength(1);
  expect(follow({}, false)).toEqual([]);
  const film = { ...workflow, outputs: [{ kind: "video" }] } as unknown as WorkflowView;
  expect(buildRequest(film, choices, () => true).follow).toEqual([]);
});

test("the form asks for what is not filled in by the farm", () => {
  const { plain, advanced } = askedOf(workflow);
  expect(plain.map(([name]) => name)).toEqual(["width"]);
  expect(advanced.map(([name]) => name)).toEqual(["steps"]);
});

test("numbers outside of their limits are said before they are sent", () => {
  const width = workflow.parameters["width"];
  if (!width) throw new Error("no width");
  expect(wrongOf(width, 640)).toBeUndefined();
  expect(wrongOf(width, undefined)).toBeUndefined();
  expect(wrongOf(width, 8)).toEqual({ key: "between", min: 256, max: 4096 });
  expect(wrongOf(width, 641)).toEqual({ key: "multiple", of: 2 });
});
