import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listShotsOfCharacterOptions } from "@/api";
import { SHOT_TONES } from "@/api/statuses";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Section } from "@/ui/heading";
import { Failed, Loading } from "@/ui/states";

const FIRST = 8;

/** The shots in which a character appears, each a link to it. */
export function UsedIn({ project, id }: { project: string; id: string }) {
  const { t } = useTranslation();
  const shots = useQuery(listShotsOfCharacterOptions({ path: { id } }));
  const [all, setAll] = useState(false);
  const rows = shots.data?.rows ?? [];
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <Section title={t("characters.used.title")} tools={<Count total={shots.data?.total} />}>
      {shots.isPending && <Loading className="py-4!" />}
      {shots.isError && <Failed error={shots.error} onRetry={() => void shots.refetch()} />}
      {shots.data?.total === 0 && <p className="text-xs text-faint">{t("characters.used.none")}</p>}
      {rows.length > 0 && (
        <ul className="overflow-hidden rounded-lg border border-line">
          {shown.map(({ id: shot, code, status, scene_description }) => (
            <li key={shot} className="border-b border-line last:border-0">
              <Link
                to="/projects/$code"
                params={{ code: project }}
                search={{ shot: code }}
                className="flex items-center gap-3 px-3 py-1.5 text-xs -outline-offset-2! hover:bg-hover"
              >
                <span className="timecode text-accent">{code}</span>
                <span className="min-w-0 flex-1 truncate text-soft">{scene_description}</span>
                <Badge tone={SHOT_TONES[status]}>{t(`status.shot.${status}`)}</Badge>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {rows.length > shown.length && (
        <Button size="sm" look="quiet" className="mt-1.5" onClick={() => setAll(true)}>
          {t("characters.used.more", { count: rows.length - shown.length })}
        </Button>
      )}
    </Section>
  );
}

function Count({ total }: { total: number | undefined }) {
  const { t } = useTranslation();
  return total ? <span className="text-xs text-faint">{t("characters.shots", { count: total })}</span> : null;
}
