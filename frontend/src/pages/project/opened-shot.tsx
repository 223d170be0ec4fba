import { useTranslation } from "react-i18next";
import type { JobView } from "@/api";
import { JobHistory } from "@/features/jobs/job-history";
import { Takes } from "@/features/review/takes";
import { Verdict } from "@/features/review/verdict";
import { PromptPanel } from "@/features/prompts/prompt-panel";
import type { ShotRoom } from "@/features/shots/room";
import { ShotDrawer } from "@/features/shots/shot-drawer";
import type { Line } from "@/features/shots/table/lines";
import { useShotByCode } from "@/features/shots/use-rows";
import { Section } from "@/ui/heading";

interface OpenedShotProps {
  room: ShotRoom;
  lines: readonly Line[];
  jobs: ReadonlyMap<string, JobView>;
  aspect: string;
  code: string | undefined;
  onOpen: (code: string | undefined) => void;
  onTake: (id: string) => void;
  onCompare: (ids: readonly string[]) => void;
}

/** The drawer of the shot that the address names. */
export function OpenedShot({ room, lines, jobs, aspect, code, onOpen, onTake, onCompare }: OpenedShotProps) {
  const { t } = useTranslation();
  const shot = useShotByCode(room.rows, code);
  const ids = lines.flatMap((line) => (line.is === "shot" ? [line.id] : []));
  const place = shot ? ids.indexOf(shot.id) : -1;
  const goTo = (index: number) => {
    const id = ids[index];
    return id === undefined ? undefined : () => onOpen(room.rows.get(id)?.code);
  };
  return (
    <ShotDrawer
      shot={shot}
      job={shot && jobs.get(shot.id)}
      aspect={aspect}
      tags={room.bible.tags}
      onWrite={(changed) => shot && room.write("type", [{ id: shot.id, send: changed, show: changed }])}
      onClose={() => onOpen(undefined)}
      previous={place > 0 ? goTo(place - 1) : undefined}
      next={place >= 0 ? goTo(place + 1) : undefined}
      takes={
        shot && (
          <>
            <Verdict shot={shot} />
            <Section title={t("shot.takes")}>
              <Takes shot={shot} onOpen={onTake} onCompare={onCompare} />
            </Section>
          </>
        )
      }
      prompt={
        shot &&
        room.prompts && (
          <PromptPanel
            shot={shot}
            bible={room.prompts}
            characters={room.bible.characters}
            options={room.bible.options}
            onWrite={(send, show) => room.write("type", [{ id: shot.id, send, show }])}
          />
        )
      }
      history={shot && <JobHistory shotId={shot.id} />}
    />
  );
}
