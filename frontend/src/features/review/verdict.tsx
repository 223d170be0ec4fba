import { useMutation } from "@tanstack/react-query";
import { Check, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { addNote, approveShotMutation, sendBackShot, type ShotView } from "@/api";
import { putShot } from "@/api/live/listen";
import { personName } from "@/lib/person";
import { tabId, tellStep } from "@/lib/tab";
import { Button } from "@/ui/button";
import { Field, TextArea } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import { shotCan } from "./shot-can";

/** Approve, or send back with a note. */
export function Verdict({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  const say = useErrorText();
  const [writing, setWriting] = useState(false);
  const path = { id: shot.id };
  const onError = (error: Error) => toast.error(say(error));
  const approve = useMutation({
    ...approveShotMutation(),
    onError,
    onSuccess: (changed) => {
      putShot(changed);
      tellStep();
      toast.success(t("shot.approvedSaid", { code: shot.code }));
    },
  });
  const sendBack = useMutation({
    mutationFn: async (text: string) => {
      const take = shot.confirmed_take_id;
      if (take && text) {
        const body = { text, send_back: true, by: personName(), tab: tabId() };
        await addNote({ path: { id: take }, body, throwOnError: true });
      } else {
        const body = { notes: text, rev: shot.rev, tab: tabId() };
        putShot((await sendBackShot({ path, body, throwOnError: true })).data);
      }
    },
    onError,
    onSuccess: () => {
      setWriting(false);
      tellStep();
      toast.success(t("shot.sentBackSaid", { code: shot.code }));
    },
  });
  const why = (key: ReturnType<typeof shotCan.approve>) => key && t(key);

  return (
    <div className="mt-3">
      <div className="flex gap-2">
        <Button
          look="primary"
          icon={<Check />}
          busy={approve.isPending}
          why={why(shotCan.approve(shot))}
          onClick={() => approve.mutate({ path, body: { rev: shot.rev, tab: tabId() } })}
        >
          {t("shot.approve")}
        </Button>
        <Button
          icon={<Undo2 />}
          why={why(shotCan.sendBack(shot))}
          aria-expanded={writing}
          onClick={() => setWriting(!writing)}
        >
          {t("shot.sendBack")}
        </Button>
      </div>
      {writing && (
        <form
          className="mt-3 flex flex-col gap-2 rounded-lg border border-line p-3"
          onSubmit={(event) => {
            event.preventDefault();
            const notes = String(new FormData(event.currentTarget).get("notes") ?? "");
            sendBack.mutate(notes.trim());
          }}
        >
          <Field label={t("shot.sendBackTitle")} help={t("shot.sendBackHelp")}>
            {(ids) => <TextArea {...ids} name="notes" maxLength={4000} />}
          </Field>
          <div className="flex justify-end gap-2">
            <Button look="quiet" size="sm" onClick={() => setWriting(false)}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" size="sm" busy={sendBack.isPending}>
              {t("shot.sendBackSubmit")}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
