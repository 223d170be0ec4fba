import { CloudOff, LoaderCircle, Plus, Redo2, Undo2 } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ShotRoom } from "@/features/shots/room";
import { timecodeAt } from "@/features/shots/rows";
import { Button, IconButton } from "@/ui/button";
import type { Area } from "./block-edit";
import type { Line } from "./lines";

interface StatusLineProps {
  room: ShotRoom;
  lines: readonly Line[];
  areas: readonly Area[];
  stuck: string | undefined;
  onInsert: () => void;
}

/** At the foot of the table: how much is seen and how long it is, what is marked, and what is still on its way. */
export function StatusLine({ room, lines, areas, stuck, onInsert }: StatusLineProps) {
  const { t } = useTranslation();
  const { rows, desk, work, reading } = room;
  const { undo, redo } = work.steps;
  const seen = useMemo(() => {
    let shots = 0;
    let frames = 0;
    for (const line of lines) {
      if (line.is === "shot") {
        shots += 1;
        frames += rows.get(line.id)?.frame_count ?? 0;
      } else if (line.folded) {
        shots += line.shots;
        frames += line.frames;
      }
    }
    return { shots, frames };
  }, [lines, rows]);
  const cells = areas.reduce((sum, { width, height }) => sum + width * height, 0);
  return (
    <footer className="flex h-9 shrink-0 items-center gap-3 overflow-x-auto border-t border-line bg-surface px-3 text-xs whitespace-nowrap text-soft">
      <Button size="sm" look="quiet" icon={<Plus />} onClick={onInsert} title={t("table.insertHelp")}>
        {t("table.insert")}
      </Button>
      <IconButton
        size="sm"
        label={
          undo
            ? t("table.undoStep", { step: t(`table.step.${undo.name}`), count: undo.cells })
            : t("table.undo")
        }
        why={undo ? undefined : t("table.nothingToUndo")}
        onClick={() => desk.step("undo")}
      >
        <Undo2 />
      </IconButton>
      <IconButton
        size="sm"
        label={
          redo
            ? t("table.redoStep", { step: t(`table.step.${redo.name}`), count: redo.cells })
            : t("table.redo")
        }
        why={redo ? undefined : t("table.nothingToRedo")}
        onClick={() => desk.step("redo")}
      >
        <Redo2 />
      </IconButton>
      <span>{t("projects.shots", { count: seen.shots })}</span>
      <span className="timecode text-faint">{timecodeAt(seen.frames, { ...rows.clock, start: 0 })}</span>
      {cells > 1 && <span>{t("table.cells", { count: cells })}</span>}
      {stuck !== undefined && <span className="text-faint">{stuck}</span>}
      <span role="status" className="ml-auto flex items-center gap-1.5">
        {reading.total !== undefined && reading.loaded < reading.total && (
          <>
            <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
            {t("table.loading", { loaded: reading.loaded, total: reading.total })}
          </>
        )}
        {work.offline ? (
          <span className="flex items-center gap-1.5 text-tone-warn">
            <CloudOff className="size-3.5" aria-hidden />
            {t("table.waiting", { count: work.waiting })}
          </span>
        ) : (
          work.waiting > 0 && t("table.saving")
        )}
      </span>
    </footer>
  );
}
