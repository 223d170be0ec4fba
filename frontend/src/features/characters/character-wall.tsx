import { useQuery } from "@tanstack/react-query";
import { UserRoundPlus, UsersRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CharacterView, listCharactersOptions, listCharacterUsesOptions } from "@/api";
import { Button } from "@/ui/button";
import { PageHead } from "@/ui/heading";
import { Empty, Failed, Loading } from "@/ui/states";
import { CharacterCard } from "./character-card";
import { CharacterDrawer } from "./character-drawer";
import { NewCharacter } from "./new-character";

interface CharacterWallProps {
  project: string;
  /** The id of the one whose drawer is open. */
  opened: string | undefined;
  onOpen: (id: string | undefined) => void;
  prompt: (written: CharacterView) => ReactNode;
}

/** Everyone in the project. */
export function CharacterWall({ project, opened, onOpen, prompt }: CharacterWallProps) {
  const { t } = useTranslation();
  const characters = useQuery(listCharactersOptions({ path: { code: project } }));
  const uses = useQuery(listCharacterUsesOptions({ path: { code: project } })).data?.rows;
  const [making, setMaking] = useState(false);
  const rows = characters.data?.rows ?? [];
  const open = rows.find(({ id }) => id === opened);
  const make = (
    <Button look="primary" icon={<UserRoundPlus />} onClick={() => setMaking(true)}>
      {t("characters.new")}
    </Button>
  );
  return (
    <>
      <PageHead title={t("characters.title")}>{rows.length > 0 && make}</PageHead>
      {characters.isPending && <Loading />}
      {characters.isError && rows.length === 0 && (
        <Failed error={characters.error} onRetry={() => void characters.refetch()} />
      )}
      {characters.isSuccess && rows.length === 0 && (
        <Empty icon={<UsersRound />} title={t("characters.empty")} help={t("characters.emptyHelp")}>
          {make}
        </Empty>
      )}
      <ul className="mt-6 grid grid-cols-[repeat(auto-fill,minmax(13.5rem,1fr))] gap-4">
        {rows.map((character) => (
          <CharacterCard
            key={character.id}
            character={character}
            shots={uses && (uses.find(({ character_id }) => character_id === character.id)?.shots ?? 0)}
            onOpen={() => onOpen(character.id)}
          />
        ))}
      </ul>
      {open && (
        <CharacterDrawer
          key={open.id}
          project={project}
          character={open}
          onClose={() => onOpen(undefined)}
          prompt={prompt}
        />
      )}
      {making && (
        <NewCharacter
          project={project}
          onClose={() => setMaking(false)}
          onCreated={(id) => {
            setMaking(false);
            onOpen(id);
          }}
        />
      )}
    </>
  );
}
