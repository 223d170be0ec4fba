import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { ShotView } from "@/api";
import type { Group } from "./select";
import type { Selection } from "./selection";

const BOX = "size-4 accent-(--accent)";

export function PickShot({
  shot,
  selection,
  className,
}: {
  shot: ShotView;
  selection: Selection;
  className?: string;
}) {
  const { t } = useTranslation();
  return (
    <input
      type="checkbox"
      aria-label={t("shots.select", { code: shot.code })}
      checked={selection.ids.has(shot.id)}
      onChange={() => undefined}
      onClick={(event) => {
        event.stopPropagation();
        selection.toggle(shot.id, event.shiftKey);
      }}
      className={clsx(BOX, className)}
    />
  );
}

export function PickGroup({ group, selection }: { group: Group; selection: Selection }) {
  const { t } = useTranslation();
  const ids = group.shots.map(({ id }) => id);
  const picked = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <input
      type="checkbox"
      aria-label={t("shots.selectSequence", { code: group.code || t("shots.noSequence") })}
      checked={picked === ids.length}
      ref={(box) => {
        if (box) box.indeterminate = picked > 0 && picked < ids.length;
      }}
      onChange={(event) => selection.set(ids, event.target.checked)}
      className={BOX}
    />
  );
}
