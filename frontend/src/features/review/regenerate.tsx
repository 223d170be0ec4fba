import { useMutation, useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import {
  listWorkflowsOptions,
  type NoteView,
  type ShotView,
  submitBatch,
  type TakeView,
  updateShot,
} from "@/api";
import { putShot } from "@/api/live/listen";
import { useLanguage } from "@/i18n";
import { Button } from "@/ui/button";
import { Check, Field, TextArea } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import { actionWith, type Again, requestAgain } from "./again";

interface RegenerateProps {
  shot: ShotView;
  take: TakeView;
  notes: readonly NoteView[];
}

/** Makes the take again, with its seed or another; what notes ask for may go into the action. */
export function Regenerate({ shot, take, notes }: RegenerateProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useErrorText();
  const open = notes.filter(({ resolved, text }) => !resolved && text).map(({ text }) => text);
  const [adding, setAdding] = useState(false);
  const [written, setWritten] = useState<string>();
  const name = take.recipe["workflow"];
  const workflow = useQuery(listWorkflowsOptions()).data?.rows.find((row) => row.name === name);
  const submit = useMutation({
    mutationFn: async (again: Again) => {
      if (workflow === undefined) return;
      if (again.addition) {
        const body = { action: actionWith(shot, again.addition), rev: shot.rev };
        putShot((await updateShot({ path: { id: shot.id }, body, throwOnError: true })).data);
      }
      const body = requestAgain(take, workflow, again);
      const { data } = await submitBatch({ path: { code: shot.project }, body, throwOnError: true });
      for (const warning of data.warnings ?? []) toast.warning(warning[language]);
    },
    onError: (error) => toast.error(say(error)),
    onSuccess: () => {
      setAdding(false);
      setWritten(undefined);
      toast.success(t("review.againSaid", { code: shot.code }));
    },
  });
  const addition = written ?? open.join(" ");
  const send = (seed: Again["seed"]) => submit.mutate({ seed, addition: adding ? addition.trim() : "" });
  const why = workflow === undefined ? t("review.noWorkflow") : workflow.lacks?.[language];
  return (
    <div className="flex flex-col gap-2.5">
      <Check
        label={t("review.addToAction")}
        help={adding ? undefined : t("review.addToActionHelp")}
        checked={adding}
        onChange={(event) => setAdding(event.target.checked)}
      />
      {adding && (
        <Field
          label={t("review.addition")}
          help={t("review.actionBecomes", { action: actionWith(shot, addition) })}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={2}
              value={addition}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        <Button icon={<RefreshCw />} size="sm" why={why} busy={submit.isPending} onClick={() => send("new")}>
          {t("review.newSeed")}
        </Button>
        <Button size="sm" why={why} busy={submit.isPending} onClick={() => send("same")}>
          {t("review.sameSeed")}
        </Button>
      </div>
    </div>
  );
}
