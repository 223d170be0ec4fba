import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useOutdated } from "@/api/live/version";
import { Button } from "@/ui/button";

/** Says that this tab is of an older version than the master; when to begin anew is for who works in it. */
export function NewVersion() {
  const { t } = useTranslation();
  if (!useOutdated()) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-3 border-b border-line bg-accent-soft px-5 py-2 lg:px-8"
    >
      <p className="min-w-0 flex-1 text-[0.8125rem]">{t("version.newer")}</p>
      <Button size="sm" icon={<RefreshCw />} onClick={() => globalThis.location.reload()}>
        {t("version.reload")}
      </Button>
    </div>
  );
}

/** Instead of a page that could not be shown. */
export function BrokenPage({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col gap-4 px-6 py-20">
      <h1 className="text-xl font-bold">{t("version.broken")}</h1>
      <p className="text-soft">{t("version.brokenHelp")}</p>
      <p className="timecode text-xs break-words text-faint">{String(error)}</p>
      <Button className="self-start" icon={<RefreshCw />} onClick={() => globalThis.location.reload()}>
        {t("version.reload")}
      </Button>
    </div>
  );
}
