import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ProjectView, ShotStatus } from "@/api";
import { SHOT_STATUSES, SHOT_TONES } from "@/api/statuses";
import { formatRate, formatTimecode } from "@/lib/timecode";
import { Badge } from "@/ui/badge";
import { PageHead } from "@/ui/heading";
import { Segments } from "@/ui/progress";

interface ProjectHeadProps {
  project: ProjectView;
  /** Frames and shots as they are now, told by the shots themselves. */
  frames: number;
  sequences: number;
  counts: Readonly<Record<ShotStatus, number>>;
  /** What can be done. */
  children: ReactNode;
}

// What is finished stands at the left of the bar.
const ORDER: readonly ShotStatus[] = ["approved", "completed", "needs_revision", "generating", "pending"];

export function ProjectHead({ project, frames, sequences, counts, children }: ProjectHeadProps) {
  const { t } = useTranslation();
  const rate = { num: project.fps_num, den: project.fps_den };
  const total = SHOT_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  return (
    <>
      <PageHead
        title={project.name}
        facts={
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-soft">
            <span className="timecode text-accent">{project.code}</span>
            <Dot />
            <span>{t("project.fps", { rate: formatRate(rate) })}</span>
            <Dot />
            <span>
              {project.width}×{project.height} · {project.aspect_ratio}
            </span>
            <Dot />
            <span>{t("project.sequences", { count: sequences })}</span>
            <Dot />
            <span>{t("projects.shots", { count: total })}</span>
            <Dot />
            <span className="flex items-baseline gap-1.5">
              {t("project.length")}
              <span className="timecode font-semibold text-ink">{formatTimecode(frames, rate)}</span>
            </span>
          </p>
        }
      >
        {children}
      </PageHead>
      {total > 0 && (
        <div className="mt-4">
          <Segments
            label={t("shots.title")}
            segments={ORDER.map((status) => ({
              tone: SHOT_TONES[status],
              count: counts[status],
              label: t(`status.shot.${status}`),
            }))}
          />
          <ul className="mt-2 flex flex-wrap gap-x-4">
            {ORDER.filter((status) => counts[status] > 0).map((status) => (
              <li key={status}>
                <Badge tone={SHOT_TONES[status]}>
                  {t(`status.shot.${status}`)} {counts[status]}
                </Badge>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

const Dot = () => (
  <span aria-hidden className="text-line-strong">
    ·
  </span>
);
