import { useTranslation } from "react-i18next";
import type { Assembled } from "@/lib/prompt/assemble";
import { partColour } from "@/lib/prompt/part-colour";

const BOX = "rounded-lg border border-line bg-sunken p-3 text-xs leading-relaxed";

/** The assembled prompt, each part in its colour, and what the colours stand for. */
export function PromptText({
  prompt,
  separator,
  faded,
}: {
  prompt: Assembled;
  separator: string;
  faded: boolean;
}) {
  const { t } = useTranslation();
  if (prompt.segments.length === 0) return <p className={`${BOX} text-faint`}>{t("prompt.nothing")}</p>;
  return (
    <div>
      <p className={BOX} data-prompt style={faded ? { opacity: 0.6 } : undefined}>
        {prompt.segments.map(({ part, text }, index) => (
          <span key={part}>
            {index > 0 && <span className="text-faint">{separator}</span>}
            <span style={{ color: partColour(part) }} title={t(`prompt.part.${part}`)}>
              {text}
            </span>
          </span>
        ))}
      </p>
      <ul aria-label={t("prompt.legend")} className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-2xs">
        {prompt.segments.map(({ part }) => (
          <li key={part} className="flex items-center gap-1 text-soft">
            <span aria-hidden className="size-2 rounded-full" style={{ background: partColour(part) }} />
            {t(`prompt.part.${part}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
