import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CharacterView, LookView } from "@/api";
import { Button } from "@/ui/button";
import { Section } from "@/ui/heading";
import { Drawer } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";
import { Kept } from "./kept";
import { Looks } from "./looks";
import { ReferenceSheet } from "./reference-sheet";
import { useUploads } from "./uploads";
import { UsedIn } from "./used-in";
import { useIncoming } from "./use-incoming";
import { Weights } from "./weights";
import { useDeleteCharacter, useWrites } from "./writes";

interface CharacterDrawerProps {
  project: string;
  character: CharacterView;
  onClose: () => void;
  /** What a prompt says of a character that is being written; another feature shows it. */
  prompt: (written: CharacterView) => ReactNode;
}

export function CharacterDrawer({ project, character, onClose, prompt }: CharacterDrawerProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const remove = useDeleteCharacter(onClose);
  return (
    <Drawer
      open
      onClose={onClose}
      title={<span className="text-lg">{character.name}</span>}
      footer={
        <Button
          look="danger"
          icon={<Trash2 />}
          busy={remove.isPending}
          onClick={() => remove.mutate(character)}
          className="mr-auto"
        >
          {t("characters.delete")}
        </Button>
      }
    >
      {remove.error && (
        <div className="sticky top-0 z-10 mb-4">
          <Notice tone="bad">{say(remove.error)}</Notice>
        </div>
      )}
      <Body project={project} character={character} prompt={prompt} />
    </Drawer>
  );
}

type Field = "name" | "description" | "style_keywords" | "trigger_words";

function Body({ project, character, prompt }: Omit<CharacterDrawerProps, "onClose">) {
  const { t } = useTranslation();
  const writes = useWrites(project, character);
  const uploads = useUploads(project, writes);
  const [cropping, setCropping] = useState(false);
  const over = useIncoming(uploads.take, cropping);
  const { written, typeField, typeLook } = useWritten(character);
  const kept = (field: Field) => ({
    value: character[field],
    onKeep: async (typed: string, base: string) =>
      (await writes.character((now) => (now[field] === base ? { [field]: typed } : undefined)))[field],
    onTyped: (typed: string | undefined) => typeField(field, typed),
  });
  return (
    <>
      <ReferenceSheet
        character={character}
        writes={writes}
        sending={uploads.sending}
        over={over}
        onPictures={(files, behind) => void uploads.addPictures(files, behind)}
        onCropping={setCropping}
      />
      <Section title={t("characters.about")}>
        <div className="flex flex-col gap-3">
          <Kept
            label={t("characters.name")}
            required={t("characters.needsName")}
            max={120}
            inputClass="font-medium"
            {...kept("name")}
          />
          <Kept
            label={t("characters.description")}
            help={t("characters.descriptionHelp")}
            lines={3}
            max={4000}
            {...kept("description")}
          />
          <Kept
            label={t("characters.style")}
            help={t("characters.styleHelp")}
            max={1000}
            {...kept("style_keywords")}
          />
        </div>
      </Section>
      <Looks project={project} character={character} writes={writes} onTyped={typeLook} />
      <Section title={t("characters.weights.title")}>
        <Weights
          project={project}
          character={character}
          writes={writes}
          busy={uploads.sendingLora}
          onFile={uploads.uploadLora}
        />
        <Kept
          label={t("characters.weights.triggers")}
          help={t("characters.weights.triggersHelp")}
          max={500}
          className="mt-3"
          inputClass="font-mono"
          {...kept("trigger_words")}
        />
      </Section>
      <Section title={t("characters.prompt.title")}>{prompt(written)}</Section>
      <UsedIn project={project} id={character.id} />
    </>
  );
}

/** The character with what is being typed, before it is kept. */
function useWritten(character: CharacterView) {
  const [fields, setFields] = useState<Partial<Record<Field, string>>>({});
  const [looks, setLooks] = useState<Partial<Record<string, Partial<LookView>>>>({});
  return {
    written: {
      ...character,
      ...fields,
      looks: character.looks.map((look) => ({ ...look, ...looks[look.id] })),
    },
    typeField: (field: Field, typed: string | undefined) =>
      setFields((fields) => {
        const { [field]: before = undefined, ...rest } = fields;
        return typed === undefined ? rest : before === typed ? fields : { ...rest, [field]: typed };
      }),
    typeLook: ({ id }: LookView, typed: Partial<LookView> | undefined) =>
      setLooks(({ [id]: before, ...rest }) => (typed ? { ...rest, [id]: { ...before, ...typed } } : rest)),
  };
}
