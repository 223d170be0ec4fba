import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { useErrorText } from "@/ui/states";
import type { Gesture, Heard } from "./rows";

const LONG_MS = 12_000;

/** Says once what the master refused or passed over. */
export function useEditNotices(): Heard {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMemo(() => {
    /** What was typed is not lost: it can be taken along. */
    const taking = (gesture: Gesture | undefined) => {
      const typed =
        gesture?.changes.length === 1 ? Object.values(gesture.changes[0]?.send ?? {})[0] : undefined;
      if (typeof typed !== "string") return {};
      return {
        action: { label: t("action.copy"), onClick: () => void navigator.clipboard.writeText(typed) },
      };
    };
    return {
      refused: (gesture, error) => {
        toast.error(errorText(error), { duration: LONG_MS, ...taking(gesture) });
      },
      skipped: (cells, gesture) => {
        const codes = [...new Set(cells.map(({ code }) => code))];
        const byOthers = cells.every(({ by }) => by !== null);
        toast.warning(t(byOthers ? "table.skipped" : "table.leftAlone", { count: cells.length }), {
          description: cells.length > 3 ? codes.join(", ") : cells.map(({ message }) => message).join(" "),
          duration: LONG_MS,
          ...taking(gesture),
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
    };
  }, [t, errorText]);
}
