import { SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobView, ShotStatus, ShotView } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { ProjectHead } from "@/features/projects/project-head";
import type { ShotRoom } from "@/features/shots/room";
import { groupShots } from "@/features/shots/select";
import type { Selection } from "@/features/shots/selection";
import { ShotBoard } from "@/features/shots/shot-board";
import { ShotList } from "@/features/shots/shot-list";
import type { Line } from "@/features/shots/table/lines";
import { useRowsVersion } from "@/features/shots/use-rows";
import { Button } from "@/ui/button";
import { Page } from "@/ui/page";
import { Empty } from "@/ui/states";

interface PlainShotsProps {
  room: ShotRoom;
  lines: readonly Line[];
  view: "list" | "board";
  jobs: ReadonlyMap<string, JobView>;
  selection: Selection;
  aspect: string;
  onOpen: (code: string) => void;
}

const STEP = 300;

/** The same shots as elements of the page: as a list, which is read aloud well, or as a wall of panels. */
export function PlainShots({ room, lines, view, jobs, selection, aspect, onOpen }: PlainShotsProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(STEP);
  const { rows, bible, project } = room;
  const version = useRowsVersion(rows);
  const shots = useMemo(
    () =>
      lines.flatMap((line): ShotView[] => {
        const shot = line.is === "shot" ? rows.get(line.id) : undefined;
        return shot ? [shot] : [];
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for what the rows hold
    [lines, rows, version],
  );
  const counts = useMemo(() => countStatuses(shots), [shots]);
  const groups = groupShots(shots.slice(0, shown), bible.sequences);
  const Shots = view === "board" ? ShotBoard : ShotList;
  return (
    <Page>
      <ProjectHead
        project={project}
        frames={shots.reduce((sum, { frame_count }) => sum + frame_count, 0)}
        sequences={new Set(shots.map(({ sequence }) => sequence).filter(Boolean)).size}
        counts={counts}
      >
        {null}
      </ProjectHead>
      <section aria-label={t("shots.title")} className="mt-5">
        {shots.length === 0 ? (
          <Empty icon={<SearchX />} title={t("shots.noMatch")} help={t("shots.noMatchHelp")} />
        ) : (
          <Shots groups={groups} jobs={jobs} selection={selection} aspect={aspect} onOpen={onOpen} />
        )}
      </section>
      {shots.length > shown && (
        <Button className="mx-auto mt-6" onClick={() => setShown(shown + STEP)}>
          {t("shots.more", { count: shots.length - shown })}
        </Button>
      )}
    </Page>
  );
}

function countStatuses(shots: readonly ShotView[]): Record<ShotStatus, number> {
  const counts = Object.fromEntries(SHOT_STATUSES.map((status) => [status, 0])) as Record<ShotStatus, number>;
  for (const { status } of shots) counts[status] += 1;
  return counts;
}
