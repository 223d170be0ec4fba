import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type CharacterPage, createCharacterMutation, listCharactersQueryKey } from "@/api";
import { ApiError } from "@/api/errors";
import { Field, Input, TextArea } from "@/ui/field";
import { FormDialog } from "@/ui/form-dialog";
import { useErrorText } from "@/ui/states";

interface NewCharacterProps {
  project: string;
  onClose: () => void;
  onCreated: (id: string) => void;
}

/** A name is enough; the rest is written in the drawer that opens. */
export function NewCharacter({ project, onClose, onCreated }: NewCharacterProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const [nameless, setNameless] = useState(false);
  const create = useMutation({
    ...createCharacterMutation(),
    onSuccess: (made) => {
      const queryKey = listCharactersQueryKey({ path: { code: project } });
      client.setQueryData<CharacterPage>(
        queryKey,
        (page) => page && { rows: [...page.rows.filter(({ id }) => id !== made.id), made] },
      );
      onCreated(made.id);
    },
  });
  const submit = (text: (field: string) => string) => {
    setNameless(!text("name"));
    if (text("name"))
      create.mutate({
        path: { code: project },
        body: { name: text("name"), description: text("description") },
      });
  };
  const refused = create.error instanceof ApiError ? create.error.about("name") : undefined;
  return (
    <FormDialog
      onClose={onClose}
      title={t("characters.new")}
      submit={t("characters.create")}
      busy={create.isPending}
      trouble={create.error && !refused ? say(create.error) : undefined}
      onSubmit={submit}
      className="flex flex-col gap-4"
    >
      <Field label={t("characters.name")} error={nameless ? t("characters.needsName") : refused}>
        {(ids) => <Input {...ids} name="name" maxLength={120} autoComplete="off" />}
      </Field>
      <Field label={t("characters.description")} help={t("characters.descriptionHelp")}>
        {(ids) => <TextArea {...ids} name="description" maxLength={4000} />}
      </Field>
    </FormDialog>
  );
}
