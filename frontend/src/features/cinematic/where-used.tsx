import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ShotRefs } from "@/api";
import { SHOT_TONES } from "@/api/statuses";
import { Badge } from "@/ui/badge";

const SHOWN = 60;

/** The shots that wear the option, each a way to it. */
export function WhereUsed({ project, shots }: { project: string; shots: ShotRefs }) {
  const { t } = useTranslation();
  if (shots.total === 0) return <p className="text-xs text-faint">{t("cinematic.usedNone")}</p>;
  return (
    <>
      <ul className="-mx-1.5">
        {shots.rows.slice(0, SHOWN).map(({ id, code, scene_description, status }) => (
          <li key={id}>
            <Link
              to="/projects/$code"
              params={{ code: project }}
              search={{ shot: code }}
              className="flex items-baseline gap-2 rounded px-1.5 py-1 hover:bg-hover"
            >
              <span className="timecode shrink-0 text-xs text-accent">{code}</span>
              <span className="min-w-0 flex-1 truncate text-xs text-soft">{scene_description}</span>
              <Badge tone={SHOT_TONES[status]}>{t(`status.shot.${status}`)}</Badge>
            </Link>
          </li>
        ))}
      </ul>
      {shots.total > SHOWN && (
        <p className="mt-1 text-xs text-faint">{t("cinematic.usedMore", { count: shots.total - SHOWN })}</p>
      )}
    </>
  );
}
