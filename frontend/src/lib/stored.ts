/** A choice kept in this browser; a browser that keeps nothing (private mode) just forgets it. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`cinefarm.${key}`);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(`cinefarm.${key}`, value);
  } catch {
    // kept until the page is left
  }
}
