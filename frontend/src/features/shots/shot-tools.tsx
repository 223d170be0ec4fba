import { LayoutGrid, Rows3, Search, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ShotStatus } from "@/api";
import { SHOT_STATUSES } from "@/api/statuses";
import { Button } from "@/ui/button";
import { Input, Select, Switcher } from "@/ui/field";
import type { ShotFilter } from "./select";
import type { Selection } from "./selection";

export type ShotsView = "list" | "board";

interface ShotToolsProps {
  filter: ShotFilter;
  onFilter: (filter: ShotFilter) => void;
  view: ShotsView;
  onView: (view: ShotsView) => void;
  counts: Readonly<Record<ShotStatus, number>>;
  /** The ids of the shots shown. */
  shown: readonly string[];
  selection: Selection;
}

/** Above the shots: find, filter, how they are shown, and what is picked. */
export function ShotTools({ filter, onFilter, view, onView, counts, shown, selection }: ShotToolsProps) {
  const { t } = useTranslation();
  const picked = selection.ids.size;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        type="checkbox"
        aria-label={t("shots.selectAll")}
        title={t("shots.selectAll")}
        checked={picked > 0 && picked === shown.length}
        ref={(box) => {
          if (box) box.indeterminate = picked > 0 && picked < shown.length;
        }}
        onChange={(event) => selection.set(shown, event.target.checked)}
        className="mr-1 ml-2 size-4 accent-(--accent)"
      />
      <label className="relative w-64">
        <Search className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-faint" aria-hidden />
        <span className="sr-only">{t("shots.search")}</span>
        <Input
          type="search"
          value={filter.q ?? ""}
          placeholder={t("shots.search")}
          onChange={(event) => onFilter({ ...filter, q: event.target.value || undefined })}
          className="pl-8"
        />
      </label>
      <Select
        aria-label={t("jobs.filterStatus")}
        value={filter.status ?? ""}
        onChange={(event) => {
          const status = SHOT_STATUSES.find((known) => known === event.target.value);
          onFilter({ ...filter, status });
        }}
        className="w-auto!"
      >
        <option value="">{t("shots.allStatuses")}</option>
        {SHOT_STATUSES.map((status) => (
          <option key={status} value={status}>
            {t(`status.shot.${status}`)} ({counts[status]})
          </option>
        ))}
      </Select>
      <Switcher
        label={t("shots.view")}
        value={view}
        onChoose={onView}
        choices={[
          { value: "list", name: t("shots.list"), label: <Rows3 aria-hidden /> },
          { value: "board", name: t("shots.board"), label: <LayoutGrid aria-hidden /> },
        ]}
      />
      {picked > 0 && (
        <span className="flex items-center gap-1 text-xs text-soft" role="status">
          {t("shots.selected", { count: picked })}
          <Button look="quiet" size="sm" icon={<X />} onClick={selection.clear}>
            {t("action.clear")}
          </Button>
        </span>
      )}
    </div>
  );
}
