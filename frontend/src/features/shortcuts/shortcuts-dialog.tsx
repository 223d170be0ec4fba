import { useTranslation } from "react-i18next";
import { Section } from "@/ui/heading";
import { Dialog } from "@/ui/overlay";
import { SHORTCUTS } from "./shortcuts";

/** Every key, by where it works. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open wide onClose={onClose} title={t("shortcuts.title")} description={t("shortcuts.help")}>
      <div className="gap-x-10 md:columns-2">
        {SHORTCUTS.map(({ where, keys }) => (
          <div key={where} className="break-inside-avoid pb-4">
            <Section title={t(`shortcuts.where.${where}`)}>
              <dl className="grid grid-cols-[1fr_auto] items-baseline gap-x-4 gap-y-1.5">
                {keys.map(({ does, press }) => (
                  <div key={does} className="contents">
                    <dt className="text-[0.8125rem]">{t(`shortcuts.does.${does}`)}</dt>
                    <dd className="flex flex-wrap justify-end gap-1">
                      {press.map((key) => (
                        <kbd
                          key={key}
                          className="rounded border border-line-strong bg-sunken px-1.5 py-0.5 font-mono text-2xs whitespace-nowrap"
                        >
                          {key}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </Section>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
