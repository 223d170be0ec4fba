import { readStored, writeStored } from "./stored";

/** How others see whoever sits at this browser: two letters drawn by lot, kept in this browser. */
export function personName(): string {
  const stored = readStored("name");
  if (stored) return stored;
  const drawn = Array.from(
    crypto.getRandomValues(new Uint8Array(2)),
    (byte) => LETTERS[byte % LETTERS.length],
  );
  const name = drawn.join("");
  writeStored("name", name);
  return name;
}

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
