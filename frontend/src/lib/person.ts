import { readStored, writeStored } from "./stored";

const MOST = 40;

/** How others see whoever sits at this browser; two letters drawn by lot until he gives a name. */
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

export const namePerson = (name: string): void => writeStored("name", name.trim().slice(0, MOST));

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
