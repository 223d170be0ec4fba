import { Minus, Pause, Play, Plus, SkipBack, SkipForward } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { TakeView } from "@/api";
import { useLanguage } from "@/i18n";
import { formatPercent } from "@/lib/format";
import { IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import type { Viewport } from "@/ui/viewport";
import { AMOUNTS, type Mode } from "./modes";
import type { Reel } from "./reel";

interface ControlsProps {
  mode: Mode;
  amount: number;
  onAmount: (amount: number) => void;
  viewport: Viewport;
  reel: Reel;
  children: ReactNode;
}

export function Controls({ mode, amount, onAmount, viewport, reel, children }: ControlsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const id = useId();
  const range = AMOUNTS[mode];
  return (
    <div className="flex w-full flex-wrap items-center gap-x-5 gap-y-2 text-xs text-soft">
      {reel.films && (
        <div className="flex items-center gap-1">
          <IconButton size="sm" label={t("compare.back")} onClick={() => reel.seek(reel.frame - 1)}>
            <SkipBack />
          </IconButton>
          <IconButton
            size="sm"
            label={t(reel.playing ? "compare.pause" : "compare.play")}
            onClick={reel.toggle}
          >
            {reel.playing ? <Pause /> : <Play />}
          </IconButton>
          <IconButton size="sm" label={t("compare.forward")} onClick={() => reel.seek(reel.frame + 1)}>
            <SkipForward />
          </IconButton>
          <span className="timecode w-20">
            {reel.frame + 1} / {reel.frames}
          </span>
        </div>
      )}
      {children}
      {range && (
        <div className="flex items-center gap-2">
          <label htmlFor={id}>{t(`compare.amount.${mode === "side" ? "wipe" : mode}`)}</label>
          <input
            id={id}
            type="range"
            min={range.low}
            max={range.high}
            step={range.step}
            value={amount}
            onChange={(event) => onAmount(event.target.valueAsNumber)}
            className="w-40 accent-(--accent)"
          />
          <output htmlFor={id} className="timecode w-10 text-right">
            {mode === "difference" ? `×${amount}` : formatPercent(amount, language)}
          </output>
        </div>
      )}
      <p className="ml-auto hidden text-faint lg:block">
        {t(reel.films ? "compare.keysFilm" : "compare.keys")}
      </p>
      <div className="flex items-center gap-1 max-lg:ml-auto">
        <IconButton size="sm" label={t("compare.smaller")} onClick={() => viewport.onKey("-")}>
          <Minus />
        </IconButton>
        <button
          type="button"
          onClick={() => viewport.onKey("0")}
          aria-label={t("compare.whole")}
          className="timecode w-14 rounded py-1 text-center hover:bg-hover"
        >
          {formatPercent(viewport.view.scale, language)}
        </button>
        <IconButton size="sm" label={t("compare.larger")} onClick={() => viewport.onKey("+")}>
          <Plus />
        </IconButton>
      </div>
    </div>
  );
}

interface PickTwoProps {
  takes: readonly TakeView[];
  pair: readonly [number, number];
  onPair: (pair: readonly [number, number]) => void;
}

/** Which two of the takes lie one over the other. */
export function PickTwo({ takes, pair, onPair }: PickTwoProps) {
  const { t } = useTranslation();
  const pick = (place: 0 | 1, label: string) => (
    <Select
      aria-label={label}
      className="h-7! w-44!"
      value={pair[place]}
      onChange={({ target }) => {
        const chosen = Number(target.value);
        const other = pair[1 - place] === chosen ? pair[place] : (pair[1 - place] ?? 0);
        onPair(place === 0 ? [chosen, other] : [other, chosen]);
      }}
    >
      {takes.map((take, index) => (
        <option key={take.id} value={index}>
          {take.shot_code} {take.label}
        </option>
      ))}
    </Select>
  );
  return (
    <div className="flex items-center gap-2">
      {pick(0, t("compare.below"))}
      <span aria-hidden>↔</span>
      {pick(1, t("compare.above"))}
    </div>
  );
}
