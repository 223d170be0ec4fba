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

const greeted = new Set<() => void>();

/** Hears of each new connection, for what has to be asked for anew. Returns how to stop. */
export function onHello(listener: () => void): () => void {
  greeted.add(listener);
  return () => greeted.delete(listener);
}

export function tellHello(): void {
  for (const listener of greeted) listener();
}
