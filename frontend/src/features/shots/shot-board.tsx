import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { JobView, ShotView } from "@/api";
import { Cast, Duration, ShotBadge, Stale } from "./facts";
import { Marks } from "./marks";
import { Panel } from "./panel";
import { PickGroup, PickShot } from "./pick";
import type { ShotsShown } from "./view";

/** Panels side by side, as on a wall. */
export function ShotBoard(props: ShotsShown) {
  const { t } = useTranslation();
  return props.groups.map((group) => (
    <section key={group.code} className="mb-8">
      <h2 className="sticky top-22 z-10 flex items-center gap-3 border-b border-line bg-paper py-2 pl-2 text-[0.8125rem] font-semibold">
        <PickGroup group={group} selection={props.selection} />
        <span className="timecode text-xs text-accent">{group.code || t("shots.noSequence")}</span>
        {group.name}
        <span className="ml-auto text-xs font-normal text-faint">
          {t("projects.shots", { count: group.shots.length })}
        </span>
      </h2>
      <ul className="mt-3 grid grid-cols-[repeat(auto-fill,minmax(17rem,1fr))] gap-4">
        {group.shots.map((shot) => (
          <Card key={shot.id} shot={shot} job={props.jobs.get(shot.id)} {...props} />
        ))}
      </ul>
    </section>
  ));
}

interface CardProps extends ShotsShown {
  shot: ShotView;
  job: JobView | undefined;
}

function Card({ shot, job, selection, aspect, onOpen }: CardProps) {
  const { t } = useTranslation();
  const picked = selection.ids.has(shot.id);
  return (
    <li
      data-shot={shot.code}
      className={clsx(
        "relative flex flex-col overflow-hidden rounded-lg border bg-surface transition-colors",
        picked ? "border-accent" : "border-line hover:border-line-strong",
      )}
    >
      <PickShot shot={shot} selection={selection} className="absolute top-2.5 left-2.5 z-1" />
      <button
        type="button"
        onClick={() => onOpen(shot.code)}
        aria-label={t("shots.open", { code: shot.code })}
        className="block w-full -outline-offset-2!"
      >
        <Panel shot={shot} job={job} aspect={aspect} className="rounded-none" />
      </button>
      <div className="flex flex-1 flex-col gap-1.5 p-3">
        <div className="flex items-center gap-2">
          <span className="timecode font-semibold">{shot.code}</span>
          <Stale shot={shot} />
          <span className="ml-auto">
            <ShotBadge shot={shot} />
          </span>
        </div>
        <p className="line-clamp-3 text-[0.8125rem]">{shot.action || shot.scene_description}</p>
        <Cast shot={shot} />
        <Marks shot={shot} />
        <div className="mt-auto flex items-center justify-between pt-1">
          <span className="timecode text-xs text-soft">{shot.timecode_in}</span>
          <Duration shot={shot} />
        </div>
      </div>
    </li>
  );
}
