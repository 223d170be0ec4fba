import { useTranslation } from "react-i18next";
import type { CharacterView } from "@/api";
import { Chip } from "@/ui/badge";

interface CharacterCardProps {
  character: CharacterView;
  shots: number | undefined;
  onOpen: () => void;
}

const MOST_LOOKS = 3;

/** Who it is at a glance: face, name, looks, trigger words, and how often it appears. */
export function CharacterCard({ character, shots, onOpen }: CharacterCardProps) {
  const { t } = useTranslation();
  const { name, reference_urls, looks, default_look_id, trigger_words, lora_file, lora_strength } = character;
  const [cover] = reference_urls;
  const ordered = [...looks].sort(
    (a, b) => Number(b.id === default_look_id) - Number(a.id === default_look_id),
  );
  return (
    <li className="group relative flex flex-col overflow-hidden rounded-xl border border-line bg-surface transition-colors hover:border-line-strong">
      <div className="relative aspect-[4/5] overflow-hidden bg-sunken">
        {cover ? (
          <img
            src={cover}
            alt=""
            loading="lazy"
            className="size-full object-cover object-top transition-transform duration-300 group-hover:scale-[1.02]"
          />
        ) : (
          <div
            aria-hidden
            className="flex size-full flex-col items-center justify-center gap-1 text-faint select-none"
          >
            <span className="text-6xl font-light">{[...name][0]}</span>
            <span className="text-2xs">{t("characters.noPicture")}</span>
          </div>
        )}
        {lora_file !== null && (
          <span className="timecode absolute top-2 right-2 rounded bg-black/65 px-1.5 py-px text-2xs! text-white">
            {t("characters.lora", { strength: lora_strength.toFixed(2) })}
          </span>
        )}
      </div>
      <div className="flex flex-1 flex-col gap-1.5 p-3">
        <div className="flex items-baseline gap-2">
          <h2 className="min-w-0 flex-1 truncate text-base font-semibold">
            <button
              type="button"
              onClick={onOpen}
              aria-label={t("characters.open", { name })}
              className="max-w-full truncate align-bottom outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              {name}
            </button>
          </h2>
          <span className="shrink-0 text-xs text-faint">
            {shots === undefined
              ? ""
              : shots
                ? t("characters.shots", { count: shots })
                : t("characters.unused")}
          </span>
        </div>
        <div className="flex min-h-5.5 flex-wrap gap-1">
          {looks.length === 0 && <span className="text-xs text-faint">{t("characters.noLooks")}</span>}
          {ordered.slice(0, MOST_LOOKS).map((look) => (
            <Chip key={look.id}>{look.name}</Chip>
          ))}
          {looks.length > MOST_LOOKS && <Chip>+{looks.length - MOST_LOOKS}</Chip>}
        </div>
        {trigger_words && (
          <p className="truncate font-mono text-2xs text-soft" title={trigger_words}>
            {trigger_words}
          </p>
        )}
      </div>
    </li>
  );
}
