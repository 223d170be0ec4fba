import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { CharacterView, ShotView } from "@/api";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/field";

type Cast = ShotView["characters"];

interface CastPickerProps {
  cast: Cast;
  characters: readonly CharacterView[];
  onCast: (cast: Cast) => void;
}

/** Who appears, in order, with the look worn. */
export function CastPicker({ cast, characters, onCast }: CastPickerProps) {
  const { t } = useTranslation();
  const member = (character: CharacterView, lookId: string | null): Cast[number] => ({
    character_id: character.id,
    name: character.name,
    look_id: lookId,
    look_name: character.looks.find(({ id }) => id === (lookId ?? character.default_look_id))?.name ?? "",
  });
  const free = characters.filter(({ id }) => !cast.some(({ character_id }) => character_id === id));
  return (
    <div className="flex flex-col gap-1.5">
      {cast.map(({ character_id, name, look_id }) => {
        const character = characters.find(({ id }) => id === character_id);
        return (
          <div key={character_id} className="flex items-center gap-2">
            <span className="w-28 truncate text-[0.8125rem] font-medium">{name}</span>
            <Select
              aria-label={t("prompt.lookOf", { name })}
              value={look_id ?? ""}
              onChange={(event) =>
                character &&
                onCast(
                  cast.map((one) =>
                    one.character_id === character_id ? member(character, event.target.value || null) : one,
                  ),
                )
              }
            >
              <option value="">{t("prompt.defaultLook")}</option>
              {character?.looks.map((look) => (
                <option key={look.id} value={look.id}>
                  {look.name}
                </option>
              ))}
            </Select>
            <IconButton
              size="sm"
              label={t("prompt.removeFromCast", { name })}
              onClick={() => onCast(cast.filter((one) => one.character_id !== character_id))}
            >
              <X />
            </IconButton>
          </div>
        );
      })}
      {free.length > 0 && (
        <Select
          aria-label={t("prompt.addToCast")}
          value=""
          onChange={(event) => {
            const character = free.find(({ id }) => id === event.target.value);
            if (character) onCast([...cast, member(character, null)]);
          }}
        >
          <option value="">{t("prompt.addToCast")}</option>
          {free.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}
