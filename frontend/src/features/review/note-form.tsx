import { useMutation } from "@tanstack/react-query";
import { Eraser, PenLine, Square } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { addNoteMutation, type NoteView, type TakeView } from "@/api";
import { personName } from "@/lib/person";
import { tabId, tellStep } from "@/lib/tab";
import { Button, IconButton } from "@/ui/button";
import { Field, Switcher, TextArea } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import { MOST_REGIONS, type Region, type Tool } from "./regions";

interface NoteFormProps {
  take: TakeView;
  regions: readonly Region[];
  tool: Tool;
  /** Of a film: the frame that is shown. */
  frame: number | null;
  onTool: (tool: Tool) => void;
  onRegions: (regions: readonly Region[]) => void;
  onCancel: () => void;
  onAdded: (note: NoteView, sentBack: boolean) => void;
}

/** Says what is to change, and where: as a note, or as what sends the take back. */
export function NoteForm(props: NoteFormProps) {
  const { take, regions, tool, frame, onTool, onRegions, onCancel, onAdded } = props;
  const { t } = useTranslation();
  const say = useErrorText();
  const [text, setText] = useState("");
  const add = useMutation({
    ...addNoteMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: (note, { body }) => {
      const sentBack = body.send_back ?? false;
      toast.success(t(sentBack ? "review.sentBackSaid" : "review.notedSaid", { label: take.label }));
      if (sentBack) tellStep();
      onAdded(note, sentBack);
    },
  });
  const send = (send_back: boolean) =>
    add.mutate({
      path: { id: take.id },
      body: { text, regions: [...regions], frame, send_back, by: personName(), tab: tabId() },
    });
  const why = text.trim() === "" && regions.length === 0 ? t("review.saysNothing") : undefined;
  return (
    <form
      className="flex flex-col gap-3 rounded-lg border border-accent p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined) send(true);
      }}
    >
      <Field label={t("review.whatToChange")} help={t("review.drawHelp")}>
        {(ids) => (
          <TextArea
            {...ids}
            autoFocus
            maxLength={4000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div className="flex items-center gap-2 text-xs text-soft">
        <Switcher
          label={t("review.tool")}
          value={tool}
          onChoose={onTool}
          choices={[
            { value: "rectangle", name: t("review.rectangle"), label: <Square aria-hidden /> },
            { value: "freehand", name: t("review.freehand"), label: <PenLine aria-hidden /> },
          ]}
        />
        <Button
          size="sm"
          why={
            regions.length >= MOST_REGIONS ? t("review.tooManyRegions", { count: MOST_REGIONS }) : undefined
          }
          onClick={() =>
            onRegions([...regions, { kind: "rectangle", x: 0.25, y: 0.25, width: 0.5, height: 0.5 }])
          }
        >
          {t("review.markMiddle")}
        </Button>
        <span role="status">{t("review.regionCount", { count: regions.length })}</span>
        {regions.length > 0 && (
          <IconButton size="sm" label={t("review.eraseLast")} onClick={() => onRegions(regions.slice(0, -1))}>
            <Eraser />
          </IconButton>
        )}
        {frame !== null && (
          <span className="timecode ml-auto">{t("review.frame", { frame: frame + 1 })}</span>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" size="sm" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
        <Button size="sm" why={why} busy={add.isPending} onClick={() => send(false)}>
          {t("review.onlyNote")}
        </Button>
        <Button type="submit" look="primary" size="sm" why={why} busy={add.isPending}>
          {t("review.sendBack")}
        </Button>
      </div>
    </form>
  );
}
