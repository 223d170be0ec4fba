import type { ShotView } from "@/api/generated";
import type { LiveBody } from "./cache";

/** For what is kept outside the query caches. */
interface Listener {
  onBody: (body: LiveBody) => void;
  /** Something was missed: read everything again. */
  onReread: () => void;
}

const listeners = new Set<Listener>();

/** Returns how to stop. */
export function listenLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellBody(body: LiveBody): void {
  for (const { onBody } of listeners) onBody(body);
}

export function tellReread(): void {
  for (const { onReread } of listeners) onReread();
}

/** A shot as the master answered with it, for whoever shows it: the socket says the same a moment later. */
export const putShot = (shot: ShotView): void =>
  tellBody({ kind: "shots", project: shot.project, rows: [shot] });
