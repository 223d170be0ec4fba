import { DoorOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { CopyLine } from "@/ui/copy-line";

/** For a browser that the master does not know yet. */
export function Door() {
  const { t } = useTranslation();
  return (
    <main className="mx-auto flex min-h-screen max-w-md flex-col justify-center gap-4 px-6">
      <DoorOpen className="size-9 stroke-[1.25] text-accent" aria-hidden />
      <h1 className="text-xl font-bold">{t("door.title")}</h1>
      <p className="text-soft">{t("door.body")}</p>
      <CopyLine text="cinefarm open" />
      <p className="text-xs text-faint">{t("door.note")}</p>
      <Button className="self-start" onClick={() => globalThis.location.reload()}>
        {t("action.retry")}
      </Button>
    </main>
  );
}
