import type { CharacterView, CinematicView, LookView, SequenceView, ShotStatus } from "@/api";
import type { Clock } from "@/features/shots/rows/cut";

/** What cells of a table refer to by name. */
export interface Bible {
  characters: readonly CharacterView[];
  options: readonly CinematicView[];
  sequences: readonly SequenceView[];
  workflowTypes: readonly string[];
  /** Those that shots of the project have now. */
  tags: () => readonly string[];
  statusLabel: (status: ShotStatus) => string;
  clock: Clock;
}

/** As names are compared: without case, spaces at the ends, and differences of writing the same sign. */
const plain = (name: string): string => name.normalize("NFKC").trim().toLocaleLowerCase();

export function byName<Row extends { name: string }>(rows: readonly Row[], name: string): Row | undefined {
  return rows.find((row) => plain(row.name) === plain(name));
}

export const sequenceNamed = (bible: Bible, text: string): SequenceView | undefined =>
  bible.sequences.find(({ code }) => plain(code) === plain(text)) ?? byName(bible.sequences, text);

export const lookNamed = (character: CharacterView, name: string): LookView | undefined =>
  byName(character.looks, name);
