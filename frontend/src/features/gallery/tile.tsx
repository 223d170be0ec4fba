import clsx from "clsx";
import { Check, Film } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TakeView } from "@/api";
import { REVIEW_TONES } from "@/api/statuses";
import { Badge } from "@/ui/badge";

interface TileProps {
  take: TakeView;
  at: number;
  /** The one that the keyboard is on. */
  current: boolean;
  picked: boolean;
  onFocus: () => void;
  onPick: () => void;
  onOpen: () => void;
}

export function Tile({ take, at, current, picked, onFocus, onPick, onOpen }: TileProps) {
  const { t } = useTranslation();
  const named = { code: take.shot_code, label: take.label };
  return (
    <div
      role="gridcell"
      aria-selected={picked}
      className={clsx(
        "group relative flex min-w-0 flex-col overflow-hidden rounded-md border bg-surface",
        picked ? "border-accent ring-1 ring-accent" : "border-line hover:border-line-strong",
      )}
    >
      <button
        type="button"
        data-at={at}
        tabIndex={current ? 0 : -1}
        aria-label={t("gallery.open", named)}
        onFocus={onFocus}
        onClick={(event) => (event.shiftKey || event.ctrlKey || event.metaKey ? onPick() : onOpen())}
        onKeyUp={(event) => event.key === " " && event.preventDefault()}
        className="relative min-h-0 flex-1 bg-sunken focus-visible:-outline-offset-2"
      >
        <img
          src={take.thumbnail_url ?? take.media.url}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full object-cover object-top"
        />
        {take.media.kind === "video" && (
          <span className="absolute right-1.5 bottom-1.5 flex items-center gap-1 rounded bg-black/70 px-1.5 py-0.5 text-2xs text-white [&_svg]:size-3">
            <Film aria-hidden />
            {t("gallery.film")}
          </span>
        )}
      </button>
      <span
        className={clsx(
          "absolute top-1.5 left-1.5 flex rounded bg-black/60 p-1 transition-opacity",
          !picked &&
            "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100",
        )}
      >
        <input
          type="checkbox"
          tabIndex={-1}
          checked={picked}
          onChange={onPick}
          aria-label={t("gallery.pick", named)}
          className="size-4 accent-(--accent)"
        />
      </span>
      <div className="flex h-11 shrink-0 flex-col justify-center px-2.5">
        <p className="flex items-center gap-2 text-xs">
          <span className="timecode truncate font-medium">{take.shot_code}</span>
          <span className="timecode text-soft">{take.label}</span>
          {take.confirmed && (
            <span
              className="ml-auto flex items-center gap-1 text-2xs text-accent"
              title={t("review.confirmed")}
            >
              <Check className="size-3.5" aria-hidden />
              <span className="sr-only">{t("review.confirmed")}</span>
            </span>
          )}
        </p>
        <p className="flex items-center gap-2 text-2xs">
          <Badge tone={REVIEW_TONES[take.review]}>{t(`status.review.${take.review}`)}</Badge>
          {take.stale && (
            <span className="truncate text-tone-warn" title={take.stale_reason}>
              {t("shots.stale")}
            </span>
          )}
        </p>
      </div>
    </div>
  );
}
