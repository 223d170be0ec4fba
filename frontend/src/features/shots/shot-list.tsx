import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { JobView, ShotView } from "@/api";
import { Cast, Duration, ShotBadge, Stale } from "./facts";
import { Marks } from "./marks";
import { Panel } from "./panel";
import { PickGroup, PickShot } from "./pick";
import type { Group } from "./select";
import type { ShotsShown } from "./view";

const COLUMNS = 7;

/** One row a shot, as on a call sheet. */
export function ShotList(props: ShotsShown) {
  const { t } = useTranslation();
  return (
    <table className="w-full border-separate border-spacing-0">
      <thead className="sr-only">
        <tr>
          <th />
          <th>{t("shots.column.panel")}</th>
          <th>{t("shots.column.code")}</th>
          <th>{t("shots.column.scene")}</th>
          <th>{t("shots.column.cast")}</th>
          <th>{t("shots.column.camera")}</th>
          <th>{t("shots.column.status")}</th>
        </tr>
      </thead>
      {props.groups.map((group) => (
        <tbody key={group.code}>
          <GroupHead group={group} selection={props.selection} />
          {group.shots.map((shot) => (
            <Row key={shot.id} shot={shot} job={props.jobs.get(shot.id)} {...props} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function GroupHead({ group, selection }: { group: Group } & Pick<ShotsShown, "selection">) {
  const { t } = useTranslation();
  return (
    <tr>
      <th
        colSpan={COLUMNS}
        scope="rowgroup"
        className="sticky top-22 z-10 border-b border-line bg-paper py-2 pl-2 text-left"
      >
        <span className="flex items-center gap-3">
          <PickGroup group={group} selection={selection} />
          <span className="timecode text-xs font-semibold text-accent">
            {group.code || t("shots.noSequence")}
          </span>
          <span className="truncate text-[0.8125rem] font-semibold">{group.name}</span>
          <span className="ml-auto pr-3 text-xs font-normal text-faint">
            {t("projects.shots", { count: group.shots.length })} ·{" "}
            {t("shots.frames", { count: group.frames })}
          </span>
        </span>
      </th>
    </tr>
  );
}

interface RowProps extends ShotsShown {
  shot: ShotView;
  job: JobView | undefined;
}

function Row({ shot, job, selection, aspect, onOpen }: RowProps) {
  const { t } = useTranslation();
  const picked = selection.ids.has(shot.id);
  const cell = clsx(
    "border-b border-line/70 py-2.5 align-top transition-colors",
    picked ? "bg-accent-soft" : "group-hover:bg-surface",
  );
  return (
    <tr className="group cursor-pointer" data-shot={shot.code} onClick={() => onOpen(shot.code)}>
      <td className={clsx(cell, "min-w-8 pl-2")}>
        <PickShot shot={shot} selection={selection} className="mt-1" />
      </td>
      <td className={clsx(cell, "pr-3")}>
        <Panel shot={shot} job={job} aspect={aspect} className="w-28 sm:w-40" />
      </td>
      <td className={clsx(cell, "min-w-30 pr-4 md:min-w-42")}>
        <button
          type="button"
          aria-label={t("shots.open", { code: shot.code })}
          className="timecode text-[0.8125rem] font-semibold hover:text-accent"
          onClick={(event) => {
            event.stopPropagation();
            onOpen(shot.code);
          }}
        >
          {shot.code}
        </button>
        <p className="timecode mt-1.5 text-xs leading-5 text-soft">
          {shot.timecode_in}
          <br />
          <span className="text-faint">{shot.timecode_out}</span>
        </p>
        <Duration shot={shot} />
      </td>
      <td className={clsx(cell, "w-full pr-5")}>
        <p className="line-clamp-2">{shot.scene_description}</p>
        <p className="mt-1 line-clamp-2 text-soft">{shot.action}</p>
        <div className="mt-1.5">
          <Marks shot={shot} />
        </div>
        <div className="mt-2 lg:hidden">
          <Cast shot={shot} />
        </div>
      </td>
      <td className={clsx(cell, "hidden min-w-48 pr-4 lg:table-cell")}>
        <Cast shot={shot} />
      </td>
      <td className={clsx(cell, "hidden min-w-40 pr-4 text-xs leading-5 text-soft xl:table-cell")}>
        {shot.cinematic_option}
      </td>
      <td className={clsx(cell, "min-w-26 pr-2")}>
        <ShotBadge shot={shot} />
        <p className="mt-1.5 flex flex-col gap-0.5 text-xs text-faint">
          {t("shots.takes", { count: shot.take_count })}
          <Stale shot={shot} />
        </p>
      </td>
    </tr>
  );
}
