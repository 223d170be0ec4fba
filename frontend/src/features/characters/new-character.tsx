import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CharacterPage, createCharacterMutation, listCharactersQueryKey } from "@/api";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/button";
import { Field, Input, TextArea } from "@/ui/field";
import { Dialog } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";

const FORM = "new-character";

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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (field: string) => String(form.get(field) ?? "").trim();
    setNameless(!text("name"));
    if (text("name"))
      create.mutate({
        path: { code: project },
        body: { name: text("name"), description: text("description") },
      });
  };
  const refused = create.error instanceof ApiError ? create.error.about("name") : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("characters.new")}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" form={FORM} look="primary" busy={create.isPending}>
            {t("characters.create")}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t("characters.name")} error={nameless ? t("characters.needsName") : refused}>
          {(ids) => <Input {...ids} name="name" maxLength={120} autoComplete="off" />}
        </Field>
        <Field label={t("characters.description")} help={t("characters.descriptionHelp")}>
          {(ids) => <TextArea {...ids} name="description" maxLength={4000} />}
        </Field>
        {create.error && !refused && <Notice tone="bad">{say(create.error)}</Notice>}
      </form>
    </Dialog>
  );
}
