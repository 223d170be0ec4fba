import { expect, test } from "vitest";
import type { WorkflowView } from "./generated";
import { jobName } from "./job-name";

const workflows = [
  { name: "a/b", title: { en: "Storyboard panel", ko: "스토리보드 패널" } },
] as WorkflowView[];

test("the workflow's title is put in the reader's language", () => {
  expect(jobName({ name: "SHT-00001 Storyboard panel", workflow: "a/b" }, workflows, "ko")).toBe(
    "SHT-00001 스토리보드 패널",
  );
});

test("a name that a person gave stays", () => {
  expect(jobName({ name: "밤 장면 다시", workflow: "a/b" }, workflows, "en")).toBe("밤 장면 다시");
});
