import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "./stored";

export const THEMES = ["system", "dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

const isTheme = (text: string | null): text is Theme => THEMES.some((theme) => theme === text);

let chosen: Theme = "system";
const listeners = new Set<() => void>();

export function startTheme(): void {
  const stored = readStored("theme");
  if (isTheme(stored)) show(stored);
}

export function chooseTheme(theme: Theme): void {
  writeStored("theme", theme);
  show(theme);
}

function show(theme: Theme): void {
  chosen = theme;
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => chosen);
