import { randomKey } from "./random-key";

const TAB = "cinefarm.tab";
let drawn: string | undefined;

/** This tab of the browser, also after a reload: undo goes back over its own gestures. */
export function tabId(): string {
  try {
    const known = sessionStorage.getItem(TAB) ?? (drawn ??= randomKey());
    sessionStorage.setItem(TAB, known);
    return known;
  } catch {
    return (drawn ??= randomKey());
  }
}

const listeners = new Set<() => void>();

/** Hears that something was done in this tab, outside the table, that undo takes back. Returns how to stop. */
export function onStep(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellStep(): void {
  for (const listener of listeners) listener();
}
