import { useMutation, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { confirmTakeMutation, listTakesOptions, type ShotView, type TakeView } from "@/api";
import { REVIEW_TONES } from "@/api/statuses";
import { putShot } from "@/api/live/listen";
import { useLanguage } from "@/i18n";
import { formatTime } from "@/lib/format";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Failed, Loading, useErrorText } from "@/ui/states";

export function Takes({ shot }: { shot: ShotView }) {
  const { t } = useTranslation();
  const takes = useQuery(listTakesOptions({ path: { id: shot.id } }));
  if (takes.isPending) return <Loading className="py-6" />;
  if (takes.isError) return <Failed error={takes.error} onRetry={() => void takes.refetch()} />;
  if (takes.data.rows.length === 0) return <p className="text-[0.8125rem] text-faint">{t("shot.noTakes")}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {takes.data.rows.map((take) => (
        <Take key={take.id} take={take} />
      ))}
    </ul>
  );
}

function Take({ take }: { take: TakeView }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useErrorText();
  const confirm = useMutation({
    ...confirmTakeMutation(),
    onError: (error) => toast.error(say(error)),
    onSuccess: (shot) => {
      putShot(shot);
      toast.success(t("shot.confirmedSaid", { label: take.label }));
    },
  });
  return (
    <li
      className={clsx(
        "flex items-center gap-3 rounded-lg border p-2",
        take.confirmed ? "border-accent bg-accent-soft" : "border-line",
      )}
    >
      <a href={take.media.url} target="_blank" rel="noreferrer" className="shrink-0" aria-label={take.label}>
        <img src={take.thumbnail_url ?? take.media.url} alt="" className="h-13 w-23 rounded object-cover" />
      </a>
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
          {t("shot.confirmed")}
        </span>
      ) : (
        <Button size="sm" busy={confirm.isPending} onClick={() => confirm.mutate({ path: { id: take.id } })}>
          {t("shot.confirm")}
        </Button>
      )}
    </li>
  );
}
