import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CharacterView } from "@/api";
import { assemble, type PromptBible } from "@/lib/prompt/assemble";
import { Switcher } from "@/ui/field";
import { PromptText } from "@/ui/prompt-text";

/** What the prompt of a shot says of one character, in each of its looks. */
export function CharacterPrompt({ character, bible }: { character: CharacterView; bible: PromptBible }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>();
  const look = character.looks.find(({ id }) => id === (chosen ?? character.default_look_id));
  const alone = { ...bible, style_notes: "", characters: new Map([[character.id, character]]) };
  const shot = {
    scene_description: "",
    action: "",
    cinematic_option_id: null,
    characters: [{ character_id: character.id, look_id: look?.id ?? null }],
  };
  return (
    <div className="flex flex-col items-start gap-2">
      {character.looks.length > 1 && (
        <Switcher
          label={t("characters.prompt.look")}
          value={look?.id ?? ""}
          onChoose={setChosen}
          choices={character.looks.map(({ id, name }) => ({ value: id, name, label: name }))}
        />
      )}
      <div className="w-full">
        <PromptText prompt={assemble(shot, alone)} separator={bible.template.separator} faded={false} />
      </div>
    </div>
  );
}
