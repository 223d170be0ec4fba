import { useCallback, useEffect, useRef, useState } from "react";
import type { TakeView } from "@/api";

const DRIFT_S = 0.04; // films further apart than this are brought together

/** The middle of a frame: browsers do not hit its edges exactly. */
const middleOf = (frame: number, fps: number): number => (frame + 0.5) / fps;

export function fpsOf({ media }: TakeView): number {
  return media.fps_num && media.fps_den ? media.fps_num / media.fps_den : 24;
}

/** Another way of seeing makes its films anew: each begins where the others were. */
function join(
  film: HTMLVideoElement,
  { frame, fps, playing }: { frame: number; fps: number; playing: boolean },
) {
  if (frame > 0) film.currentTime = middleOf(frame, fps);
  if (playing) void film.play().catch(() => undefined);
}

/** Plays the films of the takes as one; the first of them leads. */
export function useReel(takes: readonly TakeView[]) {
  const films = useRef(new Map<string, HTMLVideoElement>());
  const known = useRef(new WeakSet<HTMLVideoElement>());
  const [playing, setPlaying] = useState(false);
  const [frame, setFrame] = useState(0);
  const lead = takes.find(({ media }) => media.kind === "video");
  const fps = lead ? fpsOf(lead) : 24;
  const frames = lead?.media.frames ?? 1;
  const leadId = lead?.id;

  const now = useRef({ frame, fps, playing });
  useEffect(() => void (now.current = { frame, fps, playing }));
  const put = useCallback(
    (id: string) => (film: HTMLVideoElement | null) => {
      if (film === null) films.current.delete(id);
      else {
        films.current.set(id, film);
        if (!known.current.has(film)) join(film, now.current);
        known.current.add(film);
      }
    },
    [],
  );
  const seek = useCallback(
    (to: number) => {
      const at = Math.min(Math.max(0, to), frames - 1);
      setPlaying(false);
      setFrame(at);
      for (const film of films.current.values()) film.currentTime = middleOf(at, fps);
    },
    [fps, frames],
  );
  const toggle = useCallback(() => setPlaying((now) => !now), []);

  useEffect(() => {
    if (!playing || leadId === undefined) return;
    const all = films.current;
    for (const film of all.values()) void film.play().catch(() => setPlaying(false));
    let turn = requestAnimationFrame(function follow() {
      const first = all.get(leadId);
      if (first) {
        setFrame(Math.min(frames - 1, Math.floor(first.currentTime * fps)));
        for (const film of all.values())
          if (film !== first && Math.abs(film.currentTime - first.currentTime) > DRIFT_S)
            film.currentTime = first.currentTime;
      }
      turn = requestAnimationFrame(follow);
    });
    return () => {
      cancelAnimationFrame(turn);
      for (const film of all.values()) film.pause();
    };
  }, [playing, leadId, fps, frames]);

  return { films: lead !== undefined, put, playing, toggle, frame, frames, seek };
}

export type Reel = ReturnType<typeof useReel>;
