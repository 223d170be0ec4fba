import { Clapperboard, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { JobHistory } from "@/features/jobs/job-history";
import { ShotBoard } from "@/features/shots/shot-board";
import { ShotDrawer } from "@/features/shots/shot-drawer";
import { ShotList } from "@/features/shots/shot-list";
import { ShotTools } from "@/features/shots/shot-tools";
import { Empty, Failed, Loading } from "@/ui/states";
import type { ProjectRoom } from "./use-project-shots";

interface ProjectShotsProps {
  room: ProjectRoom;
  aspect: string;
  /** What to do when there are none. */
  children: ReactNode;
}

export function ProjectShots({ room, aspect, children }: ProjectShotsProps) {
  const { t } = useTranslation();
  const { query, shots, visible, groups, jobs, selection, search, change } = room;
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (shots.length === 0) {
    return (
      <Empty
        icon={<Clapperboard />}
        title={t("shots.empty")}
        help={t("shots.emptyHelp")}
        className="mt-8 rounded-xl border border-dashed border-line-strong"
      >
        {children}
      </Empty>
    );
  }
  const Shots = search.view === "board" ? ShotBoard : ShotList;
  const place = visible.findIndex(({ code }) => code === search.shot);
  const goTo = (index: number) => {
    const code = visible[index]?.code;
    return code === undefined ? undefined : () => change({ shot: code }, true);
  };
  const opened = shots.find(({ code }) => code === search.shot);
  return (
    <section aria-label={t("shots.title")} className="mt-7">
      <ShotTools
        filter={search}
        onFilter={({ q, status }) => change({ q, status }, true)}
        view={search.view ?? "list"}
        onView={(view) => change({ view: view === "board" ? view : undefined }, true)}
        counts={room.counts}
        shown={visible.map(({ id }) => id)}
        selection={selection}
      />
      <div className="mt-3">
        {visible.length === 0 ? (
          <Empty icon={<SearchX />} title={t("shots.noMatch")} help={t("shots.noMatchHelp")} />
        ) : (
          <Shots
            groups={groups}
            jobs={jobs}
            selection={selection}
            aspect={aspect}
            onOpen={(code) => change({ shot: code })}
          />
        )}
      </div>
      <ShotDrawer
        shot={opened}
        job={opened && jobs.get(opened.id)}
        aspect={aspect}
        onClose={() => change({ shot: undefined })}
        previous={place > 0 ? goTo(place - 1) : undefined}
        next={place >= 0 ? goTo(place + 1) : undefined}
        history={opened && <JobHistory shotId={opened.id} />}
      />
    </section>
  );
}
