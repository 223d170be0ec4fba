import { useCallback, useSyncExternalStore } from "react";
import type { LivePerson, LivePresence } from "@/api/generated";

/** Who is where, by project, as the socket last said. */
const inProject = new Map<string, readonly LivePerson[]>();
const listeners = new Set<() => void>();
const NOBODY: readonly LivePerson[] = [];

function notify(): void {
  for (const listener of listeners) listener();
}

export function tellPresence({ project, people }: Pick<LivePresence, "project" | "people">): void {
  if (people.length === 0) inProject.delete(project);
  else inProject.set(project, people);
  notify();
}

/** Nobody is known to be anywhere: the connection is new, or lost. */
export function forgetPresence(): void {
  if (inProject.size === 0) return;
  inProject.clear();
  notify();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Everybody who is in a project now, this page's own tab too; the same list until it changes. */
export function usePresence(project: string): readonly LivePerson[] {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => inProject.get(project) ?? NOBODY, [project]),
  );
}
