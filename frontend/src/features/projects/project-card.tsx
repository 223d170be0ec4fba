import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { ProjectView, ShotView } from "@/api";
import { formatRate, formatTimecode } from "@/lib/timecode";
import { Bar } from "@/ui/progress";
import { useSummary } from "./summary";

export function ProjectCard({ project }: { project: ProjectView }) {
  const { t } = useTranslation();
  const { panels, drawn } = useSummary(project);
  const rate = { num: project.fps_num, den: project.fps_den };
  const done = Math.max(0, drawn);
  return (
    <Link
      to="/projects/$code"
      params={{ code: project.code }}
      className="group block overflow-hidden rounded-xl border border-line bg-surface transition-colors hover:border-line-strong"
    >
      <Poster panels={panels} />
      <div className="px-4 pt-3 pb-4">
        <h2 className="truncate text-base font-semibold">{project.name}</h2>
        <p className="mt-0.5 flex items-center gap-2 text-xs text-soft">
          <span className="timecode truncate">{project.code}</span>
          <span aria-hidden>·</span>
          <span className="whitespace-nowrap">{t("projects.shots", { count: project.shot_count })}</span>
          <span aria-hidden>·</span>
          <span className="timecode">{formatTimecode(project.frame_count, rate)}</span>
          <span className="ml-auto whitespace-nowrap text-faint">
            {t("project.fps", { rate: formatRate(rate) })}
          </span>
        </p>
        <div className="mt-3">
          <Bar
            value={project.shot_count ? done / project.shot_count : 0}
            tone={done === project.shot_count ? "good" : "warn"}
            label={t("projects.drawn", { done, total: project.shot_count })}
          />
          <p className="mt-1.5 text-xs text-faint">
            {t("projects.drawn", { done, total: project.shot_count })}
          </p>
        </div>
      </div>
    </Link>
  );
}

/** One panel large, or four as a sheet. */
function Poster({ panels }: { panels: readonly ShotView[] }) {
  const { t } = useTranslation();
  const shown = panels.length >= 4 ? panels.slice(0, 4) : panels.slice(0, 1);
  if (shown.length === 0) {
    return (
      <div className="flex aspect-video items-center justify-center border-b border-line bg-sunken text-xs text-faint">
        {t("projects.noPanels")}
      </div>
    );
  }
  return (
    <div
      className={clsx(
        "grid aspect-video gap-px overflow-hidden bg-line",
        shown.length > 1 && "grid-cols-2 grid-rows-2",
      )}
    >
      {shown.map((shot) => (
        <img
          key={shot.id}
          src={shot.thumbnail_url ?? ""}
          alt=""
          className="size-full min-h-0 animate-appear object-cover object-top transition duration-500 group-hover:brightness-110"
        />
      ))}
    </div>
  );
}
