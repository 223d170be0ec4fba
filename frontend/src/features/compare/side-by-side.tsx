import clsx from "clsx";
import { useTranslation } from "react-i18next";
import type { TakeView } from "@/api";
import { Pane } from "@/ui/pane";
import { ratioOf, TakeMedia } from "@/ui/take-media";
import type { Viewport } from "@/ui/viewport";
import type { Reel } from "./reel";

interface SideBySideProps {
  takes: readonly TakeView[];
  viewport: Viewport;
  reel: Reel;
}

export function SideBySide({ takes, viewport, reel }: SideBySideProps) {
  const { t } = useTranslation();
  return (
    <ul
      className={clsx(
        "grid size-full auto-rows-fr gap-px bg-line",
        takes.length === 3 ? "grid-cols-3" : "grid-cols-2",
      )}
    >
      {takes.map((take) => (
        <li key={take.id} className="relative min-h-0">
          <Pane viewport={viewport} ratio={ratioOf(take)}>
            <TakeMedia take={take} video={reel.put(take.id)} />
          </Pane>
          <p className="pointer-events-none absolute top-2 left-2 flex gap-2 rounded bg-black/70 px-2 py-1 text-xs text-white">
            <span className="timecode">
              {take.shot_code} {take.label}
            </span>
            {take.confirmed && <span className="text-[#efb45c]">{t("review.confirmed")}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
