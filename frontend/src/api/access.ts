import { useSyncExternalStore } from "react";

/** Whether the master knows this browser. One 401 anywhere shows the door. */
let refused = false;
let entered = false;
const listeners = new Set<() => void>();

export const refuse = (): void => tell(true);

/** It is let in, perhaps again. */
export const allow = (): void => tell(false);

function tell(now: boolean): void {
  if (refused === now && entered) return;
  refused = now;
  entered ||= !now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRefused = (): boolean => useSyncExternalStore(subscribe, () => refused);

/** Whether it was let in since the page was loaded. */
export const useEntered = (): boolean => useSyncExternalStore(subscribe, () => entered);
