import type { SequenceView, ShotView } from "@/api";

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
