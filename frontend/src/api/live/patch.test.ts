import { expect, test } from "vitest";
import { job } from "./fixtures";
import { patchJobs } from "./patch";

const page = (...rows: ReturnType<typeof job>[]) => ({ rows, total: rows.length });

test("a job that matches no longer leaves the page and its total", () => {
  const patched = patchJobs(page(job({ id: "J2" }), job()), [job({ status: "completed" })], {
    status: ["queued"],
  });
  expect(patched.rows.map(({ id }) => id)).toEqual(["J2"]);
  expect(patched.total).toBe(1);
});

test("new jobs stand on top, newest first, and no more than the page holds", () => {
  const patched = patchJobs(
    page(job({ id: "J5" }), job({ id: "J4" })),
    [job({ id: "J6" }), job({ id: "J7" })],
    { limit: 3 },
  );
  expect(patched.rows.map(({ id }) => id)).toEqual(["J7", "J6", "J5"]);
  expect(patched.total).toBe(4);
});

test.each([
  { project: "Q" },
  { batch: "B9" },
  { shot: "S9" },
  { workflow: "a/b" },
  { status: ["held" as const] },
])("a new job that does not match %o stays out", (query) => {
  expect(patchJobs(page(), [job()], query).rows).toEqual([]);
});

test("a job older than a full page's end is not counted as new", () => {
  const full = { rows: [job({ id: "J5" }), job({ id: "J4" })], total: 9 };
  expect(patchJobs(full, [job({ id: "J2", status: "running" })], { limit: 2 }).total).toBe(9);
});

test("new jobs do not appear on the second page", () => {
  expect(patchJobs(page(job()), [job({ id: "J9" })], { offset: 100 }).rows).toHaveLength(1);
});
