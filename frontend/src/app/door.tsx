import { useQueryClient } from "@tanstack/react-query";
import { DoorOpen } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { listProjectsOptions } from "@/api";
import { Button } from "@/ui/button";
import { CopyLine } from "@/ui/copy-line";

/** For a browser that the master does not know yet. */
export function Door() {
  const { t } = useTranslation();
  return (
    <Frame title={t("door.title")} note={t("door.note")}>
      <Button className="self-start" onClick={() => globalThis.location.reload()}>
        {t("action.retry")}
      </Button>
    </Frame>
  );
}

const KNOCK_EVERY_MS = 3000;

/** For one that it knows no more: what is open stays behind it, and goes on once the link was opened in another tab. */
export function DoorAgain() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const knock = () =>
      void client.fetchQuery({ ...listProjectsOptions(), retry: false, staleTime: 0 }).catch(() => undefined);
    place.current?.focus();
    const timer = setInterval(knock, KNOCK_EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
  return (
    <div
      ref={place}
      role="alertdialog"
      aria-modal
      aria-label={t("door.again")}
      tabIndex={-1}
      className="fixed inset-0 z-50 overflow-y-auto bg-paper outline-none"
    >
      <Frame title={t("door.again")} note={t("door.kept")} />
    </div>
  );
}

function Frame({ title, note, children }: { title: string; note: string; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="mx-auto flex min-h-screen max-w-md flex-col justify-center gap-4 px-6">
      <DoorOpen className="size-9 stroke-[1.25] text-accent" aria-hidden />
      <h1 className="text-xl font-bold">{title}</h1>
      <p className="text-soft">{t("door.body")}</p>
      <CopyLine text="cinefarm open" />
      <p className="text-xs text-faint">{note}</p>
      {children}
    </main>
  );
}
