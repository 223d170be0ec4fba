import { useCallback, useEffect, useEffectEvent, useMemo, useState } from "react";
import type { CinematicView } from "@/api";
import { isStale } from "@/api/errors";
import { type Draft, type Edit, fieldsOf, merged, rebased } from "./values";
import type { OptionWrites } from "./writes";

/** The option as it is edited: nothing is written before it is saved, and what others save meanwhile comes in beneath. */
export function useEditing(
  option: CinematicView,
  { update, reread }: OptionWrites,
  onSaved: (name: string) => void,
) {
  const now = useMemo(() => fieldsOf(option), [option]);
  const [edit, setEdit] = useState<Edit>();
  const { draft, mine, torn } = useMemo(() => merged(edit ?? { base: now, draft: now }, now), [edit, now]);
  const dirty = Object.keys(mine).length > 0;

  const change = useCallback(
    (changes: (draft: Draft) => Partial<Draft>) =>
      setEdit((before = { base: now, draft: now }) => {
        const { base, draft } = rebased(before, now);
        return { base, draft: { ...draft, ...changes(draft) } };
      }),
    [now],
  );
  const revert = useCallback(() => setEdit(undefined), []);
  /**
   * Whether it was saved. A write that came too late is sent again on top of what changed elsewhere; where others
   * changed the same fields it is not, and the newest state is here by then to choose from.
   */
  const save = async (): Promise<boolean> => {
    for (let seen: CinematicView | undefined = option; seen; seen = await reread(option.id)) {
      const to = merged(edit ?? { base: now, draft: now }, fieldsOf(seen));
      if (seen !== option && to.torn.length > 0) return false;
      try {
        const { name } = await update.mutateAsync({ id: seen.id, rev: seen.rev, changes: to.mine });
        setEdit(undefined);
        onSaved(name);
        return true;
      } catch (error) {
        if (!isStale(error)) return false;
      }
    }
    return false;
  };
  const saveNow = useEffectEvent(() => {
    if (torn.length === 0 && draft.name.trim()) void save();
  });
  /** My other changes stay. */
  const takeTheirs = useCallback(
    () =>
      setEdit((before) => {
        const { draft, torn } = merged(before ?? { base: now, draft: now }, now);
        return {
          base: now,
          draft: { ...draft, ...Object.fromEntries(torn.map((name) => [name, now[name]])) },
        };
      }),
    [now],
  );

  useEffect(() => {
    if (!dirty) return;
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      saveNow();
    };
    globalThis.addEventListener("keydown", pressed);
    return () => globalThis.removeEventListener("keydown", pressed);
  }, [dirty]);

  return { now, draft, dirty, torn, saving: update.isPending, change, revert, save, takeTheirs };
}

export type Editing = ReturnType<typeof useEditing>;
