import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { CharacterWall } from "@/features/characters/character-wall";
import { CharacterPrompt } from "@/features/prompts/character-prompt";
import { usePromptBible } from "@/lib/prompt/use-prompt-bible";
import { Page } from "@/ui/page";
import { useProject } from "./open-project";

const route = getRouteApi("/projects/$code/characters");
const NONE: never[] = [];

/** Who appears in the film, and how each of them looks. */
export function CharactersPage() {
  const project = useProject();
  const { character: opened } = route.useSearch();
  const navigate = useNavigate({ from: "/projects/$code/characters" });
  const bible = usePromptBible(project, NONE, NONE);
  return (
    <Page>
      <CharacterWall
        project={project.code}
        opened={opened}
        onOpen={(id) => void navigate({ search: id === undefined ? {} : { character: id } })}
        prompt={(written) => bible && <CharacterPrompt character={written} bible={bible} />}
      />
    </Page>
  );
}
