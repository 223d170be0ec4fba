import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "@/i18n/en";
import ko from "@/i18n/ko";
import * as statuses from "./statuses";

interface Document {
  components: { schemas: Record<string, { enum?: string[] }> };
}
const { components } = JSON.parse(readFileSync("openapi.json", "utf8")) as Document;

const TONES = {
  ShotStatus: [statuses.SHOT_TONES, "shot"],
  JobStatus: [statuses.JOB_TONES, "job"],
  WorkerStatus: [statuses.WORKER_TONES, "worker"],
  WorkerWish: [statuses.WISH_TONES, "wish"],
  ReviewState: [statuses.REVIEW_TONES, "review"],
} as const;

test.each(Object.entries(TONES))(
  "every %s of the API has a tone and a name in both languages",
  (schema, [tones, word]) => {
    const known = [...(components.schemas[schema]?.enum ?? [])].sort();
    expect(known.length).toBeGreaterThan(1);
    for (const named of [tones, ko.status[word], en.status[word]])
      expect(Object.keys(named).sort()).toEqual(known);
  },
);

test("a job may be canceled or retried, or is completed", () => {
  const free = statuses.JOB_STATUSES.filter(
    (status) => !statuses.CANCELABLE.has(status) && !statuses.RETRYABLE.has(status),
  );
  expect(free).toEqual(["completed"]);
});
