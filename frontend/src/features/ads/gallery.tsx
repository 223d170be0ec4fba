import { Link } from "@tanstack/react-router";
import { GalleryHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AdRow } from "@/api";
import { useLanguage } from "@/i18n";
import { formatAgo } from "@/lib/format";
import { useNow } from "@/lib/use-now";
import { Badge } from "@/ui/badge";
import { Empty } from "@/ui/states";
import { AD_TONES } from "./ad-status";

/** Ads made before, newest first. */
export function Gallery({ ads }: { ads: readonly AdRow[] }) {
  const { t } = useTranslation("ads");
  const now = useNow(30_000);
  const language = useLanguage();
  if (ads.length === 0)
    return (
      <Empty
        icon={<GalleryHorizontal />}
        title={t("gallery.empty")}
        help={t("gallery.emptyHelp")}
        className="py-14"
      />
    );
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-3">
      {ads.map((ad) => {
        const [first] = ad.results;
        return (
          <li key={ad.id} data-ad={ad.id}>
            <Link
              to="/ads/$id"
              params={{ id: ad.id }}
              className="block overflow-hidden rounded-xl border border-line bg-surface hover:border-line-strong"
            >
              <span className="flex aspect-square items-center justify-center bg-sunken text-faint">
                {first ? (
                  <img
                    src={first.thumbnail_url ?? first.url}
                    alt=""
                    loading="lazy"
                    className="size-full object-contain"
                  />
                ) : (
                  <GalleryHorizontal aria-hidden className="size-7 stroke-[1.25]" />
                )}
              </span>
              <span className="block px-3 py-2">
                <span className="block truncate text-[0.8125rem] font-semibold">{ad.name}</span>
                <span className="flex items-center justify-between gap-2 text-xs text-faint">
                  <span className="truncate">{formatAgo(ad.created_at, now, language)}</span>
                  {ad.status === "completed" ? (
                    ad.results.length > 1 && <span>{t("gallery.count", { count: ad.results.length })}</span>
                  ) : (
                    <Badge tone={AD_TONES[ad.status]}>{t(`status.${ad.status}`)}</Badge>
                  )}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
