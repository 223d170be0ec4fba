import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  type BatchView,
  listWorkflowsOptions,
  type ShotView,
  submitBatchMutation,
  type SubmitRequest,
  type WorkflowView,
} from "@/api";
import { useLanguage } from "@/i18n";
import { randomKey } from "@/lib/random-key";
import { Button } from "@/ui/button";
import { Check, Field, Select } from "@/ui/field";
import { Dialog } from "@/ui/overlay";
import { Notice, useErrorText } from "@/ui/states";
import { buildRequest, CONTACT_SHEET, ANIMATIC, type GenerateChoices, STORYBOARD } from "./request";

interface GenerateDialogProps {
  code: string;
  shots: readonly ShotView[];
  selected: ReadonlySet<string>;
  open: boolean;
  onClose: () => void;
  onSubmitted: (batch: BatchView) => void;
}

export function GenerateDialog(props: GenerateDialogProps) {
  if (!props.open) return null;
  return <Open {...props} />; // mounted anew each time: the choices start afresh
}

function Open({ code, shots, selected, onClose, onSubmitted }: GenerateDialogProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const workflows = useQuery(listWorkflowsOptions());
  const find = (name: string) => workflows.data?.rows.find((row) => row.name === name);
  const [choices, setChoices] = useState<GenerateChoices>({
    scope: selected.size > 0 ? "selected" : "all",
    tone: undefined,
    caption: true,
    animatic: true,
    contactSheet: true,
  });
  const change = (changed: Partial<GenerateChoices>) => setChoices({ ...choices, ...changed });
  // One key for one wish: pressing again after a lost answer must not make a second batch.
  const key = useRef<{ value: string; of: string }>(undefined);
  const submit = useMutation({
    ...submitBatchMutation(),
    onSuccess: ({ batch, job_ids, warnings }) => {
      toast.success(t("generate.submitted", { count: job_ids.length }));
      for (const warning of warnings ?? []) toast.warning(warning[language]);
      onSubmitted(batch);
    },
  });
  const language = useLanguage();

  function send() {
    const runs = (name: string) => find(name)?.runs ?? false;
    const body = buildRequest(choices, shots, selected, runs);
    submit.mutate({ path: { code }, body, headers: { "idempotency-key": keyFor(body) } });
  }

  function keyFor(body: SubmitRequest): string {
    const of = JSON.stringify(body);
    if (key.current?.of !== of) key.current = { value: randomKey(), of };
    return key.current.value;
  }

  const follow = (name: string, help: string) =>
    workflows.data && !find(name)?.runs ? t("generate.unavailable") : help;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("generate.title")}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button
            look="primary"
            busy={submit.isPending}
            why={shots.length === 0 ? t("generate.noShots") : undefined}
            onClick={send}
          >
            {t("generate.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {submit.error && <Notice tone="bad">{say(submit.error)}</Notice>}
        <div className="grid grid-cols-2 gap-3">
          <Field label={t("generate.scope")}>
            {(ids) => (
              <Select
                {...ids}
                value={choices.scope}
                onChange={(event) =>
                  change({ scope: event.target.value === "selected" ? "selected" : "all" })
                }
              >
                {selected.size > 0 && (
                  <option value="selected">{t("generate.scopeSelected", { count: selected.size })}</option>
                )}
                <option value="all">{t("generate.scopeAll", { count: shots.length })}</option>
              </Select>
            )}
          </Field>
          <Tone workflow={find(STORYBOARD)} value={choices.tone} onChoose={(tone) => change({ tone })} />
        </div>
        <Check
          label={t("generate.caption")}
          help={t("generate.captionHelp")}
          checked={choices.caption}
          onChange={(event) => change({ caption: event.target.checked })}
        />
        <Check
          label={t("generate.animatic")}
          help={follow(ANIMATIC, t("generate.animaticHelp"))}
          disabled={!find(ANIMATIC)?.runs}
          checked={choices.animatic}
          onChange={(event) => change({ animatic: event.target.checked })}
        />
        <Check
          label={t("generate.contactSheet")}
          help={follow(CONTACT_SHEET, t("generate.contactSheetHelp"))}
          disabled={!find(CONTACT_SHEET)?.runs}
          checked={choices.contactSheet}
          onChange={(event) => change({ contactSheet: event.target.checked })}
        />
      </div>
    </Dialog>
  );
}

interface ToneProps {
  workflow: WorkflowView | undefined;
  value: string | undefined;
  onChoose: (tone: string) => void;
}

/** The workflow itself says which tones there are and how they are called. */
function Tone({ workflow, value, onChoose }: ToneProps) {
  const language = useLanguage();
  const tone = workflow?.parameters["tone"];
  if (tone?.type !== "choice") return null;
  return (
    <Field label={tone.label[language]}>
      {(ids) => (
        <Select {...ids} value={value ?? tone.default} onChange={(event) => onChoose(event.target.value)}>
          {Object.entries(tone.options).map(([name, label]) => (
            <option key={name} value={name}>
              {label[language]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
