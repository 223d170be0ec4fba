import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobPage, ShotView } from "@/api/generated";
import { LiveCache } from "./cache";
import { job, shot } from "./fixtures";

const SHOTS = [{ _id: "allShots", path: { code: "P" } }];
const JOBS = [{ _id: "listJobs", query: { project: "P", status: ["queued"] } }];

let client: QueryClient;
let cache: LiveCache;

beforeEach(() => {
  client = new QueryClient();
  cache = new LiveCache(client);
});
afterEach(() => cache.close());

test("rows of a project reach only that project's list", () => {
  client.setQueryData(SHOTS, [shot()]);
  client.setQueryData([{ _id: "allShots", path: { code: "Q" } }], [shot()]);
  cache.apply({ kind: "shots", project: "P", rows: [shot({ status: "approved" })] });
  expect(client.getQueryData<ShotView[]>(SHOTS)?.[0]?.status).toBe("approved");
  expect(client.getQueryData<ShotView[]>([{ _id: "allShots", path: { code: "Q" } }])?.[0]?.status).toBe(
    "pending",
  );
});

test("a filtered list of jobs loses the job that began to run", () => {
  client.setQueryData<JobPage>(JOBS, { rows: [job()], total: 1 });
  cache.apply({ kind: "jobs", project: "P", rows: [job({ status: "running" })] });
  expect(client.getQueryData<JobPage>(JOBS)).toEqual({ rows: [], total: 0 });
});

test("rows that arrive while a list is being read are put in once it is there", async () => {
  let answer: (rows: ShotView[]) => void = () => undefined;
  const reading = client.fetchQuery({
    queryKey: SHOTS,
    queryFn: () => new Promise<ShotView[]>((done) => (answer = done)),
  });
  await vi.waitFor(() => expect(client.isFetching()).toBe(1));
  cache.apply({ kind: "shots", project: "P", rows: [shot({ status: "approved" })] });
  answer([shot()]); // read before the change
  await reading;
  expect(client.getQueryData<ShotView[]>(SHOTS)?.[0]?.status).toBe("approved");
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

test("reread marks everything", () => {
  client.setQueryData(SHOTS, [shot()]);
  cache.reread();
  expect(client.getQueryState(SHOTS)?.isInvalidated).toBe(true);
});
