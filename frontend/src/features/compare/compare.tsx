import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { showTakeOptions, type TakeView } from "@/api";
import { Switcher } from "@/ui/field";
import { Theatre } from "@/ui/overlay";
import { Failed, Loading } from "@/ui/states";
import { useViewport } from "@/ui/viewport";
import { Controls, PickTwo } from "./controls";
import { Layers } from "./layers";
import { AMOUNTS, LEAST, type Mode, MODE_KEYS, MODES, moved } from "./modes";
import { useReel } from "./reel";
import { SideBySide } from "./side-by-side";

interface CompareProps {
  /** Two to four takes. */
  ids: readonly string[];
  onClose: () => void;
}

/** Takes seen together, over the whole window. */
export function Compare({ ids, onClose }: CompareProps) {
  const { t } = useTranslation();
  const found = useQueries({ queries: ids.map((id) => showTakeOptions({ path: { id } })) });
  const failed = found.find(({ isError }) => isError);
  const takes = found.flatMap(({ data }) => data ?? []);
  if (takes.length === ids.length && takes.length >= LEAST) return <Seen takes={takes} onClose={onClose} />;
  return (
    <Theatre open onClose={onClose} title={t("compare.title")}>
      <div className="flex-1">
        {failed?.error ? <Failed error={failed.error} onRetry={() => void failed.refetch()} /> : <Loading />}
      </div>
    </Theatre>
  );
}

const START = Object.fromEntries(MODES.map((mode) => [mode, AMOUNTS[mode]?.start ?? 0])) as Record<
  Mode,
  number
>;

function Seen({ takes, onClose }: { takes: readonly TakeView[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>("side");
  const [amounts, setAmounts] = useState(START);
  const [pair, setPair] = useState<readonly [number, number]>([0, 1]);
  const viewport = useViewport();
  const reel = useReel(takes);
  const below = takes[pair[0]] ?? takes[0];
  const above = takes[pair[1]] ?? takes[1];
  if (below === undefined || above === undefined) return null;
  const setAmount = (amount: number) => setAmounts({ ...amounts, [mode]: amount });

  function act(key: string, large: boolean): boolean {
    const chosen = MODES.find((one) => MODE_KEYS[one] === key.toLowerCase());
    if (chosen) setMode(chosen);
    else if (key === " ") reel.toggle();
    else if (key === ",") reel.seek(reel.frame - 1);
    else if (key === ".") reel.seek(reel.frame + 1);
    else if (key === "ArrowLeft" || key === "ArrowRight") {
      const range = AMOUNTS[mode];
      if (!range) return false;
      setAmount(moved(range, amounts[mode], (key === "ArrowLeft" ? -1 : 1) * (large ? 5 : 1)));
    } else return viewport.onKey(key);
    return true;
  }

  function onKey(event: KeyboardEvent) {
    const { target } = event;
    const typed = target instanceof HTMLElement && target.matches("input, select, textarea");
    const pressed = event.key === " " && target instanceof HTMLElement && target.matches("button");
    if (typed || pressed || event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event.key, event.shiftKey)) event.preventDefault();
  }

  return (
    <Theatre
      open
      onClose={onClose}
      onKey={onKey}
      title={t("compare.titleOf", {
        takes: takes.map((take) => `${take.shot_code} ${take.label}`).join(" · "),
      })}
      tools={
        <Switcher
          label={t("compare.mode")}
          value={mode}
          onChoose={setMode}
          choices={MODES.map((value) => ({
            value,
            name: `${t(`compare.modes.${value}`)} (${MODE_KEYS[value].toUpperCase()})`,
            label: t(`compare.modes.${value}`),
          }))}
        />
      }
      footer={
        <Controls mode={mode} amount={amounts[mode]} onAmount={setAmount} viewport={viewport} reel={reel}>
          {mode !== "side" && <PickTwo takes={takes} pair={pair} onPair={setPair} />}
        </Controls>
      }
    >
      {mode === "side" ? (
        <SideBySide takes={takes} viewport={viewport} reel={reel} />
      ) : (
        <Layers
          mode={mode}
          below={below}
          above={above}
          amount={amounts[mode]}
          onAmount={setAmount}
          viewport={viewport}
          reel={reel}
        />
      )}
    </Theatre>
  );
}
