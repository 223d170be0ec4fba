import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobPage } from "@/api/generated";
import { LiveCache } from "./cache";
import { job } from "./fixtures";

const JOBS = [{ _id: "listJobs", query: { project: "P", status: ["queued"] } }];

let client: QueryClient;
let cache: LiveCache;

beforeEach(() => {
  client = new QueryClient();
  cache = new LiveCache(client);
});
afterEach(() => cache.close());

test("a filtered list of jobs loses the job that began to run", () => {
  client.setQueryData<JobPage>(JOBS, { rows: [job()], total: 1 });
  cache.apply({ kind: "jobs", project: "P", rows: [job({ status: "running" })] });
  expect(client.getQueryData<JobPage>(JOBS)).toEqual({ rows: [], total: 0 });
});

test("rows that arrive while a list is being read are put in once it is there", async () => {
  let answer: (page: JobPage) => void = () => undefined;
  const reading = client.fetchQuery({
    queryKey: JOBS,
    queryFn: () => new Promise<JobPage>((done) => (answer = done)),
  });
  await vi.waitFor(() => expect(client.isFetching()).toBe(1));
  cache.apply({ kind: "jobs", project: "P", rows: [job({ priority: 90 })] });
  answer({ rows: [job()], total: 1 }); // read before the change
  await reading;
  expect(client.getQueryData<JobPage>(JOBS)?.rows[0]?.priority).toBe(90);
});

test("a noun that changed has its queries read again, of that project only", () => {
  const takes = [{ _id: "listTakes", path: { id: "S1" } }];
  const mine = [{ _id: "listCharacters", path: { code: "P" } }];
  const others = [{ _id: "listCharacters", path: { code: "Q" } }];
  for (const key of [takes, mine, others]) client.setQueryData(key, { rows: [] });
  cache.apply({ kind: "changed", noun: "character", project: "P" });
  cache.apply({ kind: "changed", noun: "take", project: "P" });
  const stale = (key: unknown[]) => client.getQueryState(key)?.isInvalidated;
  expect([stale(takes), stale(mine), stale(others)]).toEqual([true, true, false]);
});

test("what is costly to read is read at once, then at most every two seconds however much happens", () => {
  vi.useFakeTimers();
  const takes = [{ _id: "listProjectTakes", path: { code: "P" } }];
  const others = [{ _id: "listProjectTakes", path: { code: "Q" } }];
  for (const key of [takes, others]) client.setQueryData(key, []);
  const marked = vi.spyOn(client, "invalidateQueries");
  const isStale = (key: unknown[]) => client.getQueryState(key)?.isInvalidated;
  cache.apply({ kind: "changed", noun: "take", project: "P" });
  expect([isStale(takes), isStale(others)]).toEqual([true, false]);
  client.setQueryData(takes, []);
  for (let take = 0; take < 50; take += 1) cache.apply({ kind: "changed", noun: "take", project: "P" });
  expect(isStale(takes)).toBe(false);
  cache.apply({ kind: "changed", noun: "take", project: "Q" });
  const before = marked.mock.calls.length;
  vi.advanceTimersByTime(2000);
  expect([isStale(takes), isStale(others)]).toEqual([true, true]);
  expect(marked.mock.calls.length - before).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(marked.mock.calls.length - before).toBe(1);
  vi.useRealTimers();
});

test("reread marks everything", () => {
  client.setQueryData(JOBS, { rows: [], total: 0 });
  cache.reread();
  expect(client.getQueryState(JOBS)?.isInvalidated).toBe(true);
});
