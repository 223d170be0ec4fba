import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { useErrorText } from "@/ui/states";
import type { Heard } from "./rows";

const LONG_MS = 12_000;

/** Says once what the master refused or passed over. */
export function useEditNotices(): Heard {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMemo(
    () => ({
      refused: (gesture, error) => {
        const typed =
          gesture?.changes.length === 1 ? Object.values(gesture.changes[0]?.send ?? {})[0] : undefined;
        toast.error(errorText(error), {
          duration: LONG_MS,
          // what was typed is not lost: it can be taken along
          ...(typeof typed === "string" && {
            action: { label: t("action.copy"), onClick: () => void navigator.clipboard.writeText(typed) },
          }),
        });
      },
      skipped: (cells) => {
        const codes = [...new Set(cells.map(({ code }) => code))];
        const byOthers = cells.every(({ by }) => by !== null);
        toast.warning(t(byOthers ? "table.skipped" : "table.leftAlone", { count: cells.length }), {
          description: cells.length > 3 ? codes.join(", ") : cells.map(({ message }) => message).join(" "),
          duration: LONG_MS,
        });
      },
      done: () => undefined,
      caughtUp: ({ sent, refused, error }) => {
        if (refused === 0) toast.success(t("table.caughtUp", { count: sent }), { duration: LONG_MS });
        else
          toast.warning(t("table.caughtUpBut", { count: sent, refused }), {
            description: error ? errorText(error) : t("table.tooOld"),
            duration: LONG_MS,
          });
      },
    }),
    [t, errorText],
  );
}
