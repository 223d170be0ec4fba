import { ChevronDown, Dices, Download, ImageIcon, Layers, Play, Square, Trash2, Type } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AdRequest, AdView } from "@/api";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { firstStepLeft } from "./stages";

interface AdActionsProps {
  ad: AdView;
  busy: boolean;
  onStop: () => void;
  onRestart: (request: AdRequest) => void;
  onDelete: () => void;
}

const MOST_SEED = 2 ** 31;
const drawnSeed = (): number => Math.floor(Math.random() * MOST_SEED);

/**
 * Stop what is being made; go on with what was stopped or failed; begin again from a step, as before or drawn anew; throw
 * it away.
 */
export function AdActions({ ad, busy, onStop, onRestart, onDelete }: AdActionsProps) {
  const { t } = useTranslation("ads");
  const last = firstStepLeft(ad);
  if (ad.status === "processing")
    return (
      <Button look="danger" icon={<Square />} busy={busy} onClick={onStop}>
        {t("act.stop")}
      </Button>
    );
  return (
    <>
      {ad.status !== "completed" && (
        <Button look="primary" icon={<Play />} busy={busy} onClick={() => onRestart({})}>
          {t("act.goOn")}
        </Button>
      )}
      <Menu
        trigger={
          <Button icon={<ChevronDown />} busy={busy}>
            {t("act.again")}
          </Button>
        }
      >
        <MenuItem icon={<Dices />} onChoose={() => onRestart({ seed: drawnSeed() })}>
          {t("act.other")}
        </MenuItem>
        <MenuItem icon={<ImageIcon />} onChoose={() => onRestart({ start_step: 1 })}>
          {t("act.fromStart")}
        </MenuItem>
        {last >= 2 && (
          <MenuItem icon={<Type />} onChoose={() => onRestart({ start_step: 2 })}>
            {t("act.fromText")}
          </MenuItem>
        )}
        {last >= 3 && (
          <MenuItem icon={<Layers />} onChoose={() => onRestart({ start_step: 3 })}>
            {t("act.fromFinish")}
          </MenuItem>
        )}
      </Menu>
      {ad.results.length > 1 && (
        <a
          href={`/api/ads/${ad.id}/results.zip`}
          download
          className="inline-flex h-8.5 shrink-0 items-center gap-2 rounded-md border border-line bg-raised px-3 text-[0.8125rem] whitespace-nowrap hover:border-line-strong hover:bg-hover [&_svg]:size-4"
        >
          <Download aria-hidden />
          {t("act.downloadAll")}
        </a>
      )}
      <IconButton label={t("act.delete")} busy={busy} onClick={onDelete}>
        <Trash2 />
      </IconButton>
    </>
  );
}
