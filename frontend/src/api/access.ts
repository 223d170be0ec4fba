import { useSyncExternalStore } from "react";

/** Whether the master knows this browser. One 401 anywhere shows the door. */
let refused = false;
const listeners = new Set<() => void>();

export function refuse(): void {
  refused = true;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRefused = (): boolean => useSyncExternalStore(subscribe, () => refused);
