import type { JobStatus } from "@/api";
import { CANCELABLE, RETRYABLE, WAITING } from "@/api/statuses";

type Why =
  | "jobs.cannotCancel"
  | "jobs.cannotRetry"
  | "jobs.cannotHold"
  | "jobs.cannotRelease"
  | "jobs.cannotPrioritize";
type Job = { status: JobStatus };

/** What may be done with a job: undefined when it may, else the key of the sentence that says why not. */
export const jobCan = {
  cancel: ({ status }: Job): Why | undefined => (CANCELABLE.has(status) ? undefined : "jobs.cannotCancel"),
  retry: ({ status }: Job): Why | undefined => (RETRYABLE.has(status) ? undefined : "jobs.cannotRetry"),
  hold: ({ status }: Job): Why | undefined =>
    status !== "held" && WAITING.has(status) ? undefined : "jobs.cannotHold",
  release: ({ status }: Job): Why | undefined => (status === "held" ? undefined : "jobs.cannotRelease"),
  priority: ({ status }: Job): Why | undefined => (WAITING.has(status) ? undefined : "jobs.cannotPrioritize"),
};
