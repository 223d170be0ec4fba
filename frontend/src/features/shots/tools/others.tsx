import { useTranslation } from "react-i18next";

/** Who else looks at this project now. */
export function Others({ people }: { people: readonly { tab: string; name: string }[] }) {
  const { t } = useTranslation();
  if (people.length === 0) return null;
  return (
    <ul
      aria-label={t("table.present.others", { count: people.length })}
      className="flex shrink-0 -space-x-1.5 pl-1"
    >
      {people.slice(0, 5).map(({ tab, name }) => (
        <li
          key={tab}
          title={t("table.present.label", { name })}
          className="grid size-6.5 place-items-center rounded-full border border-paper bg-fill-active text-2xs font-bold text-paper"
        >
          {name.slice(0, 2)}
        </li>
      ))}
    </ul>
  );
}
