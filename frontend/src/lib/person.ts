import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "./stored";

/** How long a name may be, in characters as one counts them: `LiveHere` of master/presence.py. */
export const MOST_NAME = 40;

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const listeners = new Set<() => void>();
let known: string | undefined;

/** How others see whoever sits at this browser: as he calls himself, else two letters drawn by lot. */
export function personName(): string {
  known ??= readStored("name") ?? undefined;
  return known || choosePersonName(drawn());
}

const drawn = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(2)), (byte) => LETTERS[byte % LETTERS.length]).join("");

/** Kept in this browser, for all of its tabs. The name must be fit: see `nameProblem`. */
export function choosePersonName(name: string): string {
  known = tidied(name);
  writeStored("name", known);
  for (const listener of listeners) listener();
  return known;
}

const tidied = (name: string): string => name.normalize("NFC").trim().replace(/\s+/g, " ");

/** Why a name cannot be taken; undefined when it can. */
export function nameProblem(name: string): "empty" | "tooLong" | "signs" | undefined {
  const plain = tidied(name);
  if (plain === "") return "empty";
  if ([...plain].length > MOST_NAME) return "tooLong";
  return /\p{Cc}/u.test(plain) ? "signs" : undefined;
}

function subscribe(listener: () => void): () => void {
  const elsewhere = ({ key }: StorageEvent) => {
    if (key !== "cinefarm.name") return;
    known = undefined; // chosen in another tab
    listener();
  };
  globalThis.addEventListener("storage", elsewhere);
  listeners.add(listener);
  return () => {
    globalThis.removeEventListener("storage", elsewhere);
    listeners.delete(listener);
  };
}

export const usePersonName = (): string => useSyncExternalStore(subscribe, personName);
