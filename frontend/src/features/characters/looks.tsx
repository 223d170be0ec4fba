import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, Star, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { type CharacterView, createLookMutation, listCharactersQueryKey, type LookView } from "@/api";
import { Button, IconButton } from "@/ui/button";
import { Input } from "@/ui/field";
import { Section } from "@/ui/heading";
import { useErrorText } from "@/ui/states";
import { Kept } from "./kept";
import { useDeleteLook, type Writes } from "./writes";

interface LooksProps {
  project: string;
  character: CharacterView;
  writes: Writes;
  onTyped: (look: LookView, typed: Partial<LookView> | undefined) => void;
}

export function Looks({ project, character, writes, onTyped }: LooksProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("characters.look.title")}>
      <p className="mb-2 text-xs text-faint">{t("characters.look.help")}</p>
      <ul className="flex flex-col gap-2.5">
        {character.looks.map((look) => (
          <Look
            key={look.id}
            look={look}
            isDefault={look.id === character.default_look_id}
            writes={writes}
            onTyped={(typed) => onTyped(look, typed)}
          />
        ))}
      </ul>
      <NewLook project={project} character={character} />
    </Section>
  );
}

interface LookProps {
  look: LookView;
  isDefault: boolean;
  writes: Writes;
  onTyped: (typed: Partial<LookView> | undefined) => void;
}

function Look({ look, isDefault, writes, onTyped }: LookProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const remove = useDeleteLook(writes, isDefault);
  const keep = (field: "name" | "description") => async (typed: string, base: string) =>
    (await writes.look(look, (now) => (now[field] === base ? { [field]: typed } : undefined)))[field];
  const show = (field: "name" | "description") => (typed: string | undefined) =>
    onTyped(typed === undefined ? undefined : { [field]: typed });
  return (
    <li className="rounded-lg border border-line bg-raised p-3">
      <div className="flex items-end gap-2">
        <Kept
          label={t("characters.look.name")}
          value={look.name}
          required={t("characters.needsName")}
          max={120}
          className="min-w-0 flex-1"
          inputClass="font-medium"
          onKeep={keep("name")}
          onTyped={show("name")}
        />
        <Button
          look={isDefault ? "plain" : "quiet"}
          aria-pressed={isDefault}
          icon={<Star className={isDefault ? "fill-accent-fill text-accent" : ""} />}
          onClick={() =>
            void writes
              .character(() => ({ default_look_id: look.id }))
              .catch((error: unknown) => toast.error(say(error)))
          }
        >
          {t(isDefault ? "characters.look.default" : "characters.look.makeDefault")}
        </Button>
        <IconButton
          label={t("characters.look.delete", { name: look.name })}
          busy={remove.isPending}
          onClick={() => remove.mutate(look)}
        >
          <Trash2 />
        </IconButton>
      </div>
      <Kept
        label={t("characters.look.description")}
        help={look.description ? "" : t("characters.look.descriptionHelp")}
        value={look.description}
        lines={2}
        max={2000}
        className="mt-2"
        onKeep={keep("description")}
        onTyped={show("description")}
      />
      {remove.error && (
        <p role="alert" className="mt-2 text-xs text-tone-bad">
          {say(remove.error)}
        </p>
      )}
    </li>
  );
}

function NewLook({ project, character }: Pick<LooksProps, "project" | "character">) {
  const { t } = useTranslation();
  const say = useErrorText();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const create = useMutation({
    ...createLookMutation(),
    onSuccess: async () => {
      setName("");
      await client.invalidateQueries({ queryKey: listCharactersQueryKey({ path: { code: project } }) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) create.mutate({ path: { id: character.id }, body: { name: name.trim() } });
  };
  return (
    <form onSubmit={submit} className="mt-2.5 flex gap-2">
      <Input
        aria-label={t("characters.look.new")}
        placeholder={t("characters.look.new")}
        value={name}
        maxLength={120}
        autoComplete="off"
        aria-invalid={create.isError}
        onChange={(event) => {
          setName(event.target.value);
          create.reset();
        }}
      />
      <Button
        type="submit"
        icon={<Plus />}
        busy={create.isPending}
        why={name.trim() ? undefined : t("characters.needsName")}
      >
        {t("characters.look.add")}
      </Button>
      {create.error && (
        <p role="alert" className="self-center text-xs text-tone-bad">
          {say(create.error)}
        </p>
      )}
    </form>
  );
}
