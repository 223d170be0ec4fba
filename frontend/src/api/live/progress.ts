import { useCallback, useSyncExternalStore } from "react";
import type { JobProgress, JobView } from "@/api/generated";
import { ACTIVE, WAITING } from "@/api/statuses";

/** What running jobs say many times a second; kept outside the query caches so that only who looks is redrawn. */
const progress = new Map<string, JobProgress>();
const previews = new Map<string, string>();
const listeners = new Map<string, Set<() => void>>();
const everyone = new Set<(jobId: string) => void>();

function notify(jobId: string): void {
  for (const listener of listeners.get(jobId) ?? []) listener();
  for (const listener of everyone) listener(jobId);
}

/** For who draws many jobs at once: hears of each whose progress or preview changed. Returns how to stop. */
export function onProgress(listener: (jobId: string) => void): () => void {
  everyone.add(listener);
  return () => everyone.delete(listener);
}

export const progressOf = (jobId: string): number | undefined => progress.get(jobId)?.fraction;

export function tellProgress(rows: readonly JobProgress[]): void {
  for (const row of rows) {
    progress.set(row.job_id, row);
    notify(row.job_id);
  }
}

export function tellPreview(jobId: string, jpegBase64: string): void {
  previews.set(jobId, `data:image/jpeg;base64,${jpegBase64}`);
  notify(jobId);
}

/** Jobs that ended, or wait anew, have no progress. */
export function forgetJobs(rows: readonly JobView[]): void {
  for (const { id, status } of rows) {
    if (ACTIVE.has(status)) continue;
    const known = progress.delete(id);
    if (!WAITING.has(status) && previews.delete(id)) notify(id);
    else if (known) notify(id);
  }
}

function useTold<Value>(
  jobId: string | undefined,
  read: (jobId: string) => Value | undefined,
): Value | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (jobId === undefined) return () => undefined;
      const mine = listeners.get(jobId) ?? new Set();
      listeners.set(jobId, mine.add(listener));
      return () => {
        mine.delete(listener);
        if (mine.size === 0) listeners.delete(jobId);
      };
    },
    [jobId],
  );
  return useSyncExternalStore(subscribe, () => (jobId === undefined ? undefined : read(jobId)));
}

const readProgress = (jobId: string): JobProgress | undefined => progress.get(jobId);
const readPreview = (jobId: string): string | undefined => previews.get(jobId);

export const useJobProgress = (jobId: string | undefined): JobProgress | undefined =>
  useTold(jobId, readProgress);

/** A data URL of the newest preview of a running job. */
export const useJobPreview = (jobId: string | undefined): string | undefined => useTold(jobId, readPreview);
