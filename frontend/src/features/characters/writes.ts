import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type CharacterPage,
  type CharacterPatch,
  type CharacterView,
  deleteCharacter,
  deleteLook,
  listCharactersQueryKey,
  type LookPatch,
  type LookView,
  restoreCharacter,
  restoreLook,
  updateCharacter,
  updateLook,
} from "@/api";
import { useErrorText } from "@/ui/states";
import { Turns, write, type Writer } from "./keep";

type Change<R, Patch> = (now: R) => Patch | undefined;

export interface Writes {
  character: (change: Change<CharacterView, CharacterPatch>) => Promise<CharacterView>;
  look: (look: LookView, change: Change<LookView, LookPatch>) => Promise<LookView>;
}

const UNDO_MS = 12_000;

function keep(client: QueryClient, project: string, row: CharacterView): void {
  client.setQueryData<CharacterPage>(
    listCharactersQueryKey({ path: { code: project } }),
    (page) => page && { rows: page.rows.map((one) => (one.id === row.id && one.rev <= row.rev ? row : one)) },
  );
}

/** Writes to a character and its looks, one after another, each made of the rows as they are then. */
export function useWrites(project: string, character: CharacterView): Writes {
  const client = useQueryClient();
  const { id } = character;
  return useMemo(() => {
    const latest = (): CharacterView => {
      const page = client.getQueryData<CharacterPage>(listCharactersQueryKey({ path: { code: project } }));
      return page?.rows.find((row) => row.id === id) ?? character;
    };
    const characters: Writer<CharacterView, CharacterPatch> = {
      latest,
      put: (row) => keep(client, project, row),
      send: async (body) => (await updateCharacter({ path: { id }, body, throwOnError: true })).data,
    };
    const looks = (look: LookView): Writer<LookView, LookPatch> => ({
      latest: () => latest().looks.find((one) => one.id === look.id) ?? look,
      put: (row) => {
        const now = latest();
        keep(client, project, { ...now, looks: now.looks.map((one) => (one.id === row.id ? row : one)) });
      },
      send: async (body) => (await updateLook({ path: { id: look.id }, body, throwOnError: true })).data,
    });
    const inTurn = new Turns();
    return {
      character: (change) => inTurn.take(() => write(characters, change)),
      look: (look, change) => inTurn.take(() => write(looks(look), change)),
    };
    // the character given is only for a list that is not here
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, project, id]);
}

function useUndoToast(): (said: string, undo: () => Promise<unknown>) => void {
  const { t } = useTranslation();
  const say = useErrorText();
  return (said, undo) => {
    const back = () => void undo().catch((error: unknown) => toast.error(say(error)));
    toast(said, { duration: UNDO_MS, action: { label: t("characters.undo"), onClick: back } });
  };
}

/** A refusal names the shots; it stays to be read. */
export function useDeleteCharacter(onDeleted: () => void) {
  const { t } = useTranslation();
  const undoable = useUndoToast();
  return useMutation({
    mutationFn: ({ id }: CharacterView) => deleteCharacter({ path: { id }, throwOnError: true }),
    onSuccess: (_, { id, name }) => {
      undoable(t("characters.deleted", { name }), () =>
        restoreCharacter({ path: { id }, throwOnError: true }),
      );
      onDeleted();
    },
  });
}

export function useDeleteLook(writes: Writes, isDefault: boolean) {
  const { t } = useTranslation();
  const undoable = useUndoToast();
  return useMutation({
    mutationFn: ({ id }: LookView) => deleteLook({ path: { id }, throwOnError: true }),
    onSuccess: (_, { id, name }) =>
      undoable(t("characters.look.deleted", { name }), async () => {
        await restoreLook({ path: { id }, throwOnError: true });
        if (isDefault) await writes.character(() => ({ default_look_id: id }));
      }),
  });
}
