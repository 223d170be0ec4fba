import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Check, Columns2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listTakesOptions, type ShotView, type TakeView } from "@/api";
import { REVIEW_TONES } from "@/api/statuses";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Failed, Loading } from "@/ui/states";
import { useReview } from "./use-review";

interface TakesProps {
  shot: ShotView;
  onOpen: (takeId: string) => void;
  onCompare: (takeIds: readonly string[]) => void;
}

const MOST = 4;

/** The takes of a shot: look at one, compare some, confirm one. */
export function Takes({ shot, onOpen, onCompare }: TakesProps) {
  const { t } = useTranslation();
  const takes = useQuery(listTakesOptions({ path: { id: shot.id } }));
  const [picked, setPicked] = useState<readonly string[]>([]);
  if (takes.isPending) return <Loading className="py-6" />;
  if (takes.isError) return <Failed error={takes.error} onRetry={() => void takes.refetch()} />;
  const { rows } = takes.data;
  if (rows.length === 0) return <p className="text-[0.8125rem] text-faint">{t("shot.noTakes")}</p>;
  const chosen = rows.filter(({ id }) => picked.includes(id)).map(({ id }) => id);
  const compared = chosen.length > 0 ? chosen : rows.slice(0, 2).map(({ id }) => id);
  return (
    <>
      {rows.length > 1 && (
        <div className="mb-2 flex justify-end">
          <Button
            size="sm"
            icon={<Columns2 />}
            why={compared.length < 2 || compared.length > MOST ? t("compare.needsTwo") : undefined}
            onClick={() => onCompare(compared)}
          >
            {t("compare.openCount", { count: compared.length })}
          </Button>
        </div>
      )}
      <ul className="flex flex-col gap-2">
        {rows.map((take) => (
          <Take
            key={take.id}
            take={take}
            shot={shot}
            picked={picked.includes(take.id)}
            pickable={rows.length > 1}
            onPick={() =>
              setPicked(
                picked.includes(take.id) ? picked.filter((id) => id !== take.id) : [...picked, take.id],
              )
            }
            onOpen={() => onOpen(take.id)}
          />
        ))}
      </ul>
    </>
  );
}

interface TakeProps {
  take: TakeView;
  shot: ShotView;
  picked: boolean;
  pickable: boolean;
  onPick: () => void;
  onOpen: () => void;
}

function Take({ take, shot, picked, pickable, onPick, onOpen }: TakeProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const review = useReview(shot);
  return (
    <li
      className={clsx(
        "flex items-center gap-3 rounded-lg border p-2",
        take.confirmed ? "border-accent bg-accent-soft" : "border-line",
      )}
    >
      {pickable && (
        <input
          type="checkbox"
          checked={picked}
          onChange={onPick}
          aria-label={t("review.pick", { label: take.label })}
          className="size-4 accent-(--accent)"
        />
      )}
      <button
        type="button"
        className="shrink-0"
        onClick={onOpen}
        aria-label={t("review.open", { label: take.label })}
      >
        <img src={take.thumbnail_url ?? take.media.url} alt="" className="h-13 w-23 rounded object-cover" />
      </button>
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2.5">
          <span className="timecode font-semibold">{take.label}</span>
          <Badge tone={REVIEW_TONES[take.review]}>{t(`status.review.${take.review}`)}</Badge>
          {take.stale && (
            <span className="text-xs text-tone-warn" title={take.stale_reason}>
              {t("shots.stale")}
            </span>
          )}
        </p>
        <p className="truncate text-xs text-faint">
          {formatTime(take.created_at, language)} · {take.media.width}×{take.media.height}
        </p>
        {take.notes && <p className="mt-0.5 text-xs text-soft">{take.notes}</p>}
      </div>
      {take.confirmed ? (
        <span className="flex items-center gap-1 pr-1 text-xs font-medium text-accent">
          <Check className="size-3.5" aria-hidden />
          {t("review.confirmed")}
        </span>
      ) : (
        <Button size="sm" busy={review.confirming} onClick={() => review.confirm(take)}>
          {t("review.confirm")}
        </Button>
      )}
    </li>
  );
}
