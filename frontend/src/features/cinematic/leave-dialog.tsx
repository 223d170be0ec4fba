import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/overlay";

interface LeaveDialogProps {
  dirty: boolean;
  option: string;
  save: () => Promise<boolean>;
  /** It cannot be saved before one has chosen between mine and theirs. */
  blocked: boolean;
}

/** Asks before unsaved changes are left behind. */
export function LeaveDialog({ dirty, option, save, blocked }: LeaveDialogProps) {
  const { t } = useTranslation();
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty && (current.pathname !== next.pathname || (next.search as { option?: string }).option !== option),
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (leaving.status !== "blocked") return null;
  return (
    <Dialog
      open
      onClose={leaving.reset}
      title={t("cinematic.leave.title")}
      footer={
        <>
          <Button look="quiet" onClick={leaving.reset}>
            {t("cinematic.leave.stay")}
          </Button>
          <Button look="danger" onClick={leaving.proceed}>
            {t("cinematic.leave.discard")}
          </Button>
          <Button
            look="primary"
            why={blocked ? t("cinematic.stale.title") : undefined}
            onClick={() => void save().then((saved) => (saved ? leaving.proceed() : leaving.reset()))}
          >
            {t("cinematic.leave.save")}
          </Button>
        </>
      }
    >
      <p className="text-[0.8125rem] text-soft">{t("cinematic.leave.body")}</p>
    </Dialog>
  );
}
