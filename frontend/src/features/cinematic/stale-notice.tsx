import { useTranslation } from "react-i18next";
import type { PresetBook } from "@/lib/prompt/assemble";
import { useLanguage } from "@/i18n";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/states";
import { type Draft, said } from "./values";

interface StaleNoticeProps {
  /** The fields that I changed and that stand otherwise now. */
  fields: readonly (keyof Draft)[];
  mine: Draft;
  theirs: Draft;
  book: PresetBook;
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody else was quicker: whose values shall stand. What he changed elsewhere stays in any case. */
export function StaleNotice({ fields, mine, theirs, book, busy, onMine, onTheirs }: StaleNoticeProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const text = (draft: Draft, name: keyof Draft) =>
    (name === "name" ? draft.name : said(name, draft[name], book, language)) || t("cinematic.stale.nothing");
  return (
    <div role="alert">
      <Notice tone="warn">
        <p className="font-medium">{t("cinematic.stale.title")}</p>
        <table className="mt-2 w-full text-left text-xs">
          <thead className="text-faint">
            <tr>
              <th className="w-1/5 font-normal">{t("cinematic.stale.field")}</th>
              <th className="w-2/5 font-normal">{t("cinematic.stale.mine")}</th>
              <th className="font-normal">{t("cinematic.stale.theirs")}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((name) => (
              <tr key={name} className="border-t border-line align-top">
                <td className="py-1 pr-3 text-soft">{t(`cinematic.field.${name}`)}</td>
                <td className="py-1 pr-3 font-medium">{text(mine, name)}</td>
                <td className="py-1 font-medium">{text(theirs, name)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="mt-2.5 flex gap-2">
          <Button size="sm" look="primary" busy={busy} onClick={onMine}>
            {t("cinematic.stale.keepMine")}
          </Button>
          <Button size="sm" busy={busy} onClick={onTheirs}>
            {t("cinematic.stale.takeTheirs")}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
