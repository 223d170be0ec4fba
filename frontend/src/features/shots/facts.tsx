import { Clock3, History } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ShotView } from "@/api";
import { SHOT_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatSeconds } from "@/lib/format";
import { Badge, Chip } from "@/ui/badge";

export function ShotBadge({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  return <Badge tone={SHOT_TONES[shot.status]}>{t(`status.shot.${shot.status}`)}</Badge>;
}

export function Cast({ shot }: { shot: ShotView }) {
  if (shot.characters.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1">
      {shot.characters.map(({ character_id, name, look_name }) => (
        <li key={character_id} className="max-w-full">
          <Chip title={look_name ? `${name} · ${look_name}` : name}>
            <span className="font-medium text-ink">{name}</span>
            {look_name && <span className="truncate text-faint">{look_name}</span>}
          </Chip>
        </li>
      ))}
    </ul>
  );
}

export function Duration({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <span className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-soft">
      <Clock3 className="size-3 text-faint" aria-hidden />
      {t("shots.seconds", { seconds: formatSeconds(shot.duration_seconds, language) })}
      <span className="text-faint">{t("shots.frames", { count: shot.frame_count })}</span>
    </span>
  );
}

export function Stale({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  if (!shot.stale) return null;
  return (
    <span
      title={`${t("shots.staleHelp")} ${shot.stale_reason}`}
      className="inline-flex items-center gap-1 text-xs text-tone-warn"
    >
      <History className="size-3" aria-hidden />
      {t("shots.stale")}
    </span>
  );
}
