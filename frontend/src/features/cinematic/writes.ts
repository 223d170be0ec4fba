import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type CinematicPage,
  type CinematicView,
  createCinematicOption,
  deleteCinematicOption,
  listCinematicOptionsQueryKey,
  restoreCinematicOption,
  updateCinematicOption,
} from "@/api";
import { isStale } from "@/api/errors";
import { useErrorText } from "@/ui/states";
import type { Draft } from "./values";

const UNDO_MS = 12_000;

/** Writes to the options of a project; what the master answers is seen at once. */
export function useOptionWrites(code: string) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const queryKey = listCinematicOptionsQueryKey({ path: { code } });
  const refuse = (error: Error) => void toast.error(say(error));
  const show = (change: (rows: CinematicView[]) => CinematicView[]) =>
    client.setQueryData<CinematicPage>(queryKey, (page) => page && { ...page, rows: change(page.rows) });
  const put = (option: CinematicView) =>
    show((rows) =>
      [...rows.filter(({ id }) => id !== option.id), option].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );

  const create = useMutation({
    mutationFn: async (body: Draft) =>
      (await createCinematicOption({ path: { code }, body, throwOnError: true })).data,
    onSuccess: put,
    onError: refuse,
  });
  /** Only what changed is sent, with the revision that was seen. */
  const update = useMutation({
    mutationFn: async ({ id, rev, changes }: { id: string; rev: number; changes: Partial<Draft> }) =>
      (await updateCinematicOption({ path: { id }, body: { ...changes, rev }, throwOnError: true })).data,
    onSuccess: put,
    onError: (error) => {
      if (!isStale(error)) refuse(error);
    },
  });
  const restore = useMutation({
    mutationFn: async (id: string) =>
      (await restoreCinematicOption({ path: { id }, throwOnError: true })).data,
    onSuccess: put,
    onError: refuse,
  });
  const remove = useMutation({
    mutationFn: async ({ id, rev }: CinematicView) => {
      await deleteCinematicOption({ path: { id }, headers: { "if-match": String(rev) }, throwOnError: true });
    },
    onSuccess: (_, { id, name }) => {
      show((rows) => rows.filter((row) => row.id !== id));
      toast.success(t("cinematic.deleted", { name }), {
        duration: UNDO_MS,
        action: { label: t("cinematic.undo"), onClick: () => restore.mutate(id) },
      });
    },
    onError: refuse, // a shot that uses it since: the master names it
  });
  /** The option as the master has it now. */
  const reread = async (id: string): Promise<CinematicView | undefined> => {
    await client.refetchQueries({ queryKey });
    return client.getQueryData<CinematicPage>(queryKey)?.rows.find((row) => row.id === id);
  };
  return { create, update, remove, reread };
}

export type OptionWrites = ReturnType<typeof useOptionWrites>;
