import type { WorkerView, WorkerWish } from "@/api";

type Why = "workers.alreadyPaused" | "workers.alreadyDraining" | "workers.alreadyRunning";

const ALREADY: Record<WorkerWish, Why> = {
  none: "workers.alreadyRunning",
  paused: "workers.alreadyPaused",
  draining: "workers.alreadyDraining",
};

const unless = (wish: WorkerWish) => (worker: WorkerView) =>
  worker.wish === wish ? ALREADY[wish] : undefined;

/** What may be asked of a worker: undefined when it may, else the key of the sentence that says why not. */
export const workerCan = { resume: unless("none"), pause: unless("paused"), drain: unless("draining") };
