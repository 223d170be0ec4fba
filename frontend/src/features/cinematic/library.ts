import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type OptionSet, type Preset, showPresetsOptions } from "@/api";
import { PresetBook } from "@/lib/prompt/assemble";

/** The presets that ship with the farm, and the sets made of them. */
export interface Library {
  presets: readonly Preset[];
  sets: readonly OptionSet[];
  book: PresetBook;
}

export function useLibrary() {
  const { data, error, refetch } = useQuery(showPresetsOptions());
  const library = useMemo(
    (): Library | undefined =>
      data && { presets: data.presets, sets: data.option_sets, book: new PresetBook(data.presets) },
    [data],
  );
  return { library, error, refetch };
}
