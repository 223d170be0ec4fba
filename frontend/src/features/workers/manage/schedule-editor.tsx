import clsx from "clsx";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schedule } from "@/api";
import { Button } from "@/ui/button";
import { DAYS, everyHour, hourOf, HOURS, isEmpty, painted, scheduleOf, type Week, weekOf } from "./week";

interface ScheduleEditorProps {
  schedule: Schedule | null;
  busy: boolean;
  onSave: (schedule: Schedule | null) => void;
}

const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

const HOURS_OF_DAY = Array.from({ length: HOURS }, (_, hour) => hour);

/** Of an hour that is open in parts: those parts filled. */
const partly = (parts: readonly [number, number][]): string => {
  const stops = parts.flatMap(([from, to]) => [
    `transparent ${from * 100}%`,
    `var(--accent-fill) ${from * 100}% ${to * 100}%`,
    `transparent ${to * 100}%`,
  ]);
  return `linear-gradient(to right, ${stops.join(", ")})`;
};

/** The hours of a week, painted by dragging; with the keyboard by arrows and Space. Minutes set elsewhere are kept. */
export function ScheduleEditor({ schedule, busy, onSave }: ScheduleEditorProps) {
  const { t } = useTranslation();
  const [week, setWeek] = useState<Week>(() => weekOf(schedule));
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const painting = useRef<boolean>(undefined);
  const grid = useRef<HTMLTableElement>(null);
  const zone = schedule?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

  const paint = (day: number, hour: number, open: boolean) =>
    setWeek((before) => painted(before, day, hour, open));
  const pressed = (event: KeyboardEvent, day: number, hour: number) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const next: [number, number] = [
      Math.min(DAYS.length - 1, Math.max(0, day + move[0])),
      Math.min(HOURS - 1, Math.max(0, hour + move[1])),
    ];
    setAt(next);
    grid.current?.querySelector<HTMLElement>(`[data-at="${next[0]} ${next[1]}"]`)?.focus();
  };
  const presets = {
    always: everyHour(() => true),
    nights: everyHour((_, hour) => hour < 8 || hour >= 20),
    weekends: everyHour((day) => day > 4),
  };

  return (
    <div>
      <div className="mb-2 flex flex-wrap gap-1.5">
        {(["always", "nights", "weekends"] as const).map((preset) => (
          <Button key={preset} size="sm" onClick={() => setWeek(presets[preset])}>
            {t(`manage.preset.${preset}`)}
          </Button>
        ))}
      </div>
      <table
        ref={grid}
        className="w-full table-fixed border-separate border-spacing-0.5 touch-none select-none"
        onPointerUp={() => (painting.current = undefined)}
        onPointerLeave={() => (painting.current = undefined)}
      >
        <caption className="sr-only">{t("manage.schedule")}</caption>
        <thead>
          <tr className="text-2xs text-faint">
            <th className="w-7" />
            {[0, 6, 12, 18].map((hour) => (
              <th key={hour} colSpan={6} scope="colgroup" className="text-left font-normal">
                {String(hour).padStart(2, "0")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((name, day) => (
            <tr key={name}>
              <th scope="row" className="text-left text-2xs font-normal text-soft">
                {t(`manage.day.${name}`)}
              </th>
              {HOURS_OF_DAY.map((hour) => {
                const { open, parts } = hourOf(week, day, hour);
                return (
                  <td key={hour} className="p-0">
                    <button
                      type="button"
                      data-at={`${day} ${hour}`}
                      tabIndex={at[0] === day && at[1] === hour ? 0 : -1}
                      aria-pressed={open}
                      aria-label={`${t(`manage.day.${name}`)} ${hour}:00`}
                      onFocus={() => setAt([day, hour])}
                      onKeyDown={(event) => pressed(event, day, hour)}
                      onClick={(event) => event.detail === 0 && paint(day, hour, open !== true)}
                      onPointerDown={(event) => {
                        event.currentTarget.releasePointerCapture(event.pointerId);
                        painting.current = open !== true;
                        paint(day, hour, open !== true);
                      }}
                      onPointerEnter={() =>
                        painting.current !== undefined && paint(day, hour, painting.current)
                      }
                      style={open === "mixed" ? { backgroundImage: partly(parts) } : undefined}
                      className={clsx(
                        "block h-5 w-full rounded-[3px] border",
                        open === true
                          ? "border-transparent bg-accent-fill"
                          : "border-line bg-sunken hover:border-line-strong",
                      )}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-1.5 text-xs text-faint">{t("manage.scheduleHelp", { zone })}</p>
      <Button
        className="mt-2"
        busy={busy}
        why={isEmpty(week) ? t("manage.neverOpen") : undefined}
        onClick={() => onSave(scheduleOf(week, zone))}
      >
        {t("manage.saveSchedule")}
      </Button>
    </div>
  );
}
