import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type CharacterView, type CinematicView, type ProjectView, showPresetsOptions } from "@/api";
import { PresetBook, type PromptBible, readTemplate } from "./assemble";

const byId = <Row extends { id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));

/** What the prompts of a project are made from; undefined until the presets are here. */
export function usePromptBible(
  { style_notes, prompt_template }: ProjectView,
  characters: readonly CharacterView[],
  options: readonly CinematicView[],
): PromptBible | undefined {
  const library = useQuery(showPresetsOptions()).data;
  const presets = useMemo(() => library && new PresetBook(library.presets), [library]);
  return useMemo(
    () =>
      presets && {
        style_notes,
        template: readTemplate(prompt_template),
        characters: byId(characters),
        options: byId(options),
        presets,
      },
    [presets, style_notes, prompt_template, characters, options],
  );
}
