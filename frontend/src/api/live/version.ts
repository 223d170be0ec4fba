import { useSyncExternalStore } from "react";

/** Whether the master serves another page than this tab began with. */
let isOutdated = false;
const listeners = new Set<() => void>();

/** The dev server's entry has another name, and is never outdated. */
const entry = (): string | null | undefined =>
  document.querySelector('script[type="module"][src^="/assets/"]')?.getAttribute("src");

export function tellPage(served: string | null): void {
  const mine = entry();
  if (mine && served && served !== mine) outdate();
}

function outdate(): void {
  isOutdated = true;
  for (const listener of listeners) listener();
}

globalThis.addEventListener("vite:preloadError", outdate); // a part of the old page is not there any more

export const useOutdated = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOutdated,
  );
