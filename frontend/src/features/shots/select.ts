import type { SequenceView, ShotStatus, ShotView } from "@/api";

export interface ShotFilter {
  q?: string | undefined;
  status?: ShotStatus | undefined;
}

/** Shots whose code, texts or people hold every word. */
export function filterShots(shots: readonly ShotView[], { q = "", status }: ShotFilter): ShotView[] {
  const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return shots.filter((shot) => {
    if (status !== undefined && shot.status !== status) return false;
    if (words.length === 0) return true;
    const text = [
      shot.code,
      shot.scene_description,
      shot.action,
      shot.cinematic_option,
      shot.notes,
      ...shot.characters.flatMap(({ name, look_name }) => [name, look_name]),
    ]
      .join(" ")
      .toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface Group {
  /** The sequence's code; empty for shots in none. */
  code: string;
  name: string;
  shots: ShotView[];
  frames: number;
}

/** Runs of one sequence, in the order of the cut. */
export function groupShots(shots: readonly ShotView[], sequences: readonly SequenceView[]): Group[] {
  const names = new Map(sequences.map(({ code, name }) => [code, name]));
  const groups = new Map<string, Group>();
  for (const shot of shots) {
    const group = groups.get(shot.sequence) ?? {
      code: shot.sequence,
      name: names.get(shot.sequence) ?? "",
      shots: [],
      frames: 0,
    };
    group.shots.push(shot);
    group.frames += shot.frame_count;
    groups.set(shot.sequence, group);
  }
  return [...groups.values()];
}
