import type { JobStatus } from "@/api";
import { CANCELABLE, RETRYABLE } from "@/api/statuses";

type Why = "jobs.cannotCancel" | "jobs.cannotRetry";
type Job = { status: JobStatus };

/** What may be done with a job: undefined when it may, else the key of the sentence that says why not. */
export const jobCan = {
  cancel: ({ status }: Job): Why | undefined => (CANCELABLE.has(status) ? undefined : "jobs.cannotCancel"),
  retry: ({ status }: Job): Why | undefined => (RETRYABLE.has(status) ? undefined : "jobs.cannotRetry"),
};
