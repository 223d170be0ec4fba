import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  createCharacter,
  createCinematicOption,
  createLook,
  createSequence,
  listCharactersOptions,
  listCinematicOptionsOptions,
  listSequencesOptions,
} from "@/api";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Dialog } from "@/ui/overlay";
import { useErrorText } from "@/ui/states";
import type { Bible } from "./bible";
import type { UnknownName } from "./block-edit";
import type { Review } from "./use-shot-acts";

/** What to do with a name that the project does not have: make it, take another for it, or leave its cells alone. */
type Choice = "create" | "skip" | `as:${string}`;

const keyOf = ({ kind, name, of }: UnknownName): string => `${kind} ${of ?? ""} ${name}`;

interface ReviewDialogProps {
  review: Review;
  bible: Bible;
  code: string;
  onClose: () => void;
  /** The names to take for others: what was typed → what is meant. What is still not known is left as it is. */
  onGoOn: (names: ReadonlyMap<string, string>, bible: Bible) => void;
}

/** Shown before anything is written, when a paste holds what cannot stand there or names what is not known. */
export function ReviewDialog({ review, bible, code, onClose, onGoOn }: ReviewDialogProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const client = useQueryClient();
  const { unknown, refused } = review.edit;
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(
    () => new Map(unknown.map((name) => [keyOf(name), name.kind === "workflow" ? "skip" : "create"])),
  );
  const choiceOf = (name: UnknownName): Choice => choices.get(keyOf(name)) ?? "skip";

  /** With what was just made. */
  const readAgain = async (): Promise<Bible> => {
    const [characters, options, sequences] = await Promise.all([
      client.fetchQuery({ ...listCharactersOptions({ path: { code } }), staleTime: 0 }),
      client.fetchQuery({ ...listCinematicOptionsOptions({ path: { code } }), staleTime: 0 }),
      client.fetchQuery({ ...listSequencesOptions({ path: { code } }), staleTime: 0 }),
    ]);
    return { ...bible, characters: characters.rows, options: options.rows, sequences: sequences.rows };
  };

  const goOn = useMutation({
    mutationFn: async () => {
      const names = new Map<string, string>();
      for (const name of unknown) {
        const choice = choiceOf(name);
        if (choice === "create") await create(name, code);
        else if (choice !== "skip") names.set(name.name, choice.slice(3));
      }
      return names;
    },
    onSuccess: async (names) => onGoOn(names, await readAgain()),
  });

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("table.review.title")}
      description={t("table.review.help")}
      footer={
        <>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button look="primary" busy={goOn.isPending} onClick={() => goOn.mutate()}>
            {t("table.review.goOn")}
          </Button>
        </>
      }
    >
      {goOn.isError && (
        <p role="alert" className="mb-3 text-[0.8125rem] text-tone-bad">
          {errorText(goOn.error)}
        </p>
      )}
      {unknown.length > 0 && (
        <ul className="flex flex-col divide-y divide-line">
          {unknown.map((name) => (
            <li key={keyOf(name)} className="flex flex-wrap items-center gap-3 py-2.5">
              <span className="min-w-0 flex-1">
                <span className="text-xs text-faint">{t(`table.review.kind.${name.kind}`)}</span>
                <br />
                <b className="font-semibold">{name.name}</b>{" "}
                <span className="text-xs text-faint">{t("table.review.cells", { count: name.cells })}</span>
              </span>
              <Select
                className="w-56!"
                aria-label={t("table.review.choose", { name: name.name })}
                value={choiceOf(name)}
                onChange={(event) =>
                  setChoices(new Map([...choices, [keyOf(name), event.target.value as Choice]]))
                }
              >
                {name.kind !== "workflow" && <option value="create">{t("table.review.create")}</option>}
                <option value="skip">{t("table.review.skip")}</option>
                {known(name, bible).map((other) => (
                  <option key={other} value={`as:${other}`}>
                    {t("table.review.as", { name: other })}
                  </option>
                ))}
              </Select>
            </li>
          ))}
        </ul>
      )}
      {refused.length > 0 && (
        <>
          <h3 className="mt-4 mb-1 text-xs font-semibold text-soft">
            {t("table.review.refused", { count: refused.length })}
          </h3>
          <ul className="max-h-56 overflow-y-auto text-[0.8125rem]">
            {refused.slice(0, 100).map(({ row, column, text, key, values }, index) => (
              <li key={index} className="border-b border-line/60 py-1.5">
                <span className="timecode text-xs text-accent">{row || t("table.review.newRow")}</span>{" "}
                {t(`table.column.${column.key}`)} “{text.slice(0, 60)}”: {t(`table.problem.${key}`, values)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function known({ kind, of }: UnknownName, bible: Bible): string[] {
  switch (kind) {
    case "sequence":
      return bible.sequences.map(({ code }) => code);
    case "character":
      return bible.characters.map(({ name }) => name);
    case "look":
      return bible.characters.find(({ id }) => id === of)?.looks.map(({ name }) => name) ?? [];
    case "option":
      return bible.options.map(({ name }) => name);
    case "workflow":
      return [...bible.workflowTypes];
  }
}

async function create({ kind, name, of }: UnknownName, code: string): Promise<void> {
  const path = { code };
  switch (kind) {
    case "sequence":
      await createSequence({ path, body: { code: name, name }, throwOnError: true });
      return;
    case "character":
      await createCharacter({ path, body: { name }, throwOnError: true });
      return;
    case "option":
      await createCinematicOption({ path, body: { name }, throwOnError: true });
      return;
    case "look":
      if (of) await createLook({ path: { id: of }, body: { name }, throwOnError: true });
      return;
    case "workflow":
      return;
  }
}
