import { useMutation, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { CheckCheck, RotateCcw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { deleteNoteMutation, listNotesOptions, type NoteView, updateNoteMutation } from "@/api";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { IconButton } from "@/ui/button";
import { useErrorText } from "@/ui/states";

const NONE: NoteView[] = [];

/** The notes on one take, oldest first, as they are numbered. */
export function useNotes(shotId: string, takeId: string): NoteView[] {
  const notes = useQuery(listNotesOptions({ path: { id: shotId } })).data?.rows ?? NONE;
  return notes.filter(({ take_id }) => take_id === takeId).toReversed();
}

interface NotesProps {
  notes: readonly NoteView[];
  pointed: string | undefined;
  onPoint: (id: string | undefined) => void;
  /** Shows the frame that a note on a film is about. */
  onFrame: (frame: number) => void;
}

export function Notes({ notes, pointed, onPoint, onFrame }: NotesProps) {
  const { t } = useTranslation();
  if (notes.length === 0) return <p className="text-[0.8125rem] text-faint">{t("review.noNotes")}</p>;
  return (
    <ol className="flex flex-col gap-1.5">
      {notes.map((note, index) => (
        <li
          key={note.id}
          onPointerEnter={() => onPoint(note.id)}
          onPointerLeave={() => onPoint(undefined)}
          className={clsx(
            "flex gap-2.5 rounded-lg border p-2.5",
            pointed === note.id ? "border-accent" : "border-line",
          )}
        >
          <span
            className={clsx(
              "mt-px flex size-5 shrink-0 items-center justify-center rounded-full text-2xs font-bold",
              note.resolved ? "bg-sunken text-soft" : "bg-accent-fill text-accent-ink",
            )}
          >
            {index + 1}
          </span>
          <Note note={note} onFrame={onFrame} />
        </li>
      ))}
    </ol>
  );
}

function Note({ note, onFrame }: { note: NoteView; onFrame: (frame: number) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useErrorText();
  const onError = (error: Error) => toast.error(say(error));
  const update = useMutation({ ...updateNoteMutation(), onError });
  const remove = useMutation({ ...deleteNoteMutation(), onError });
  const path = { id: note.id };
  return (
    <>
      <div className="min-w-0 flex-1">
        <p
          className={clsx("text-[0.8125rem] whitespace-pre-wrap", note.resolved && "text-faint line-through")}
        >
          {note.text || t("review.onlyMarked")}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-faint">
          <span>{note.author}</span>
          <span>{formatTime(note.created_at, language)}</span>
          {note.frame !== null && (
            <button type="button" className="timecode underline" onClick={() => onFrame(note.frame ?? 0)}>
              {t("review.frame", { frame: note.frame + 1 })}
            </button>
          )}
          {note.resolved && <span>{t("review.resolved")}</span>}
        </p>
      </div>
      <div className="flex shrink-0">
        <IconButton
          size="sm"
          label={t(note.resolved ? "review.reopen" : "review.resolve")}
          busy={update.isPending}
          onClick={() => update.mutate({ path, body: { resolved: !note.resolved, rev: note.rev } })}
        >
          {note.resolved ? <RotateCcw /> : <CheckCheck />}
        </IconButton>
        <IconButton
          size="sm"
          label={t("review.deleteNote")}
          busy={remove.isPending}
          onClick={() => remove.mutate({ path, headers: { "if-match": String(note.rev) } })}
        >
          <Trash2 />
        </IconButton>
      </div>
    </>
  );
}
