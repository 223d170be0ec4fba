import { ArrowLeft, Copy, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/button";
import { INPUT } from "@/ui/field";
import type { Editing } from "./editing";

interface EditorHeadProps {
  editing: Editing;
  /** How many shots wear it; undefined until that is known. */
  used: number | undefined;
  onClose: () => void;
  onDuplicate: () => void;
  onDelete: () => void;
}

/** The name of the option, and what can be done with it. */
export function EditorHead({ editing, used, onClose, onDuplicate, onDelete }: EditorHeadProps) {
  const { t } = useTranslation();
  const { draft, dirty, torn, saving, change, revert, save } = editing;
  const cannotSave = !dirty
    ? t("cinematic.nothingToSave")
    : !draft.name.trim()
      ? t("cinematic.needsName")
      : torn.length > 0
        ? t("cinematic.stale.title")
        : undefined;
  const cannotDelete =
    used === undefined
      ? t("cinematic.countingWhy")
      : used > 0
        ? t("cinematic.usedWhy", { count: used })
        : undefined;
  return (
    <header className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-2">
      <IconButton label={t("cinematic.back")} onClick={onClose}>
        <ArrowLeft />
      </IconButton>
      <h1 className="sr-only">{`${t("cinematic.title")}: ${draft.name}`}</h1>
      <input
        aria-label={t("cinematic.field.name")}
        value={draft.name}
        maxLength={120}
        aria-invalid={!draft.name.trim()}
        onChange={(event) => {
          const name = event.target.value;
          change(() => ({ name }));
        }}
        className={`${INPUT} h-8.5 max-w-md border-transparent! bg-transparent! text-base! font-semibold hover:border-line!`}
      />
      <span className="ml-auto" />
      <Button size="sm" look="quiet" icon={<Copy />} onClick={onDuplicate}>
        {t("cinematic.duplicate")}
      </Button>
      <Button size="sm" look="quiet" icon={<Trash2 />} why={cannotDelete} onClick={onDelete}>
        {t("cinematic.delete")}
      </Button>
      <span aria-hidden className="mx-1 h-5 w-px bg-line" />
      <Button why={dirty ? undefined : t("cinematic.nothingToSave")} onClick={revert}>
        {t("cinematic.revert")}
      </Button>
      <Button look="primary" why={cannotSave} busy={saving} title="Ctrl+S" onClick={() => void save()}>
        {t("cinematic.save")}
      </Button>
    </header>
  );
}
