import { Paintbrush } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdView } from "@/api";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/states";
import { Picture } from "./picture";

interface CutOutNoticeProps {
  ad: AdView;
  onHint: () => void;
}

/** The product may be cut out wrong, or was not found: paint a hint, or go on with it. */
export function CutOutNotice({ ad, onHint }: CutOutNoticeProps) {
  const { t } = useTranslation("ads");
  const stage = ad.shared.find(({ key }) => key === "cut_out");
  const [passed, setPassed] = useState<string>(); // job whose cut-out is good enough for the owner
  if (stage?.status === "failed")
    return (
      <Button icon={<Paintbrush />} onClick={onHint} className="justify-self-start">
        {t("cutOut.hint")}
      </Button>
    );
  if (!stage?.picture || ad.cut_out?.trusted !== false || passed === stage.job_id) return null;
  return (
    <Notice tone="warn">
      <div className="flex flex-wrap items-start gap-3">
        <Picture
          url={stage.picture.thumbnail_url ?? stage.picture.url}
          alt={t("cutOut.picture")}
          className="size-20 rounded-md border border-line object-contain"
        />
        <div className="min-w-52 flex-1">
          <p className="font-semibold">{t("cutOut.doubt")}</p>
          <p className="text-soft">{stage.warnings.join(" ") || t("cutOut.help")}</p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="sm" icon={<Paintbrush />} onClick={onHint}>
              {t("cutOut.hint")}
            </Button>
            <Button size="sm" look="quiet" onClick={() => setPassed(stage.job_id)}>
              {t("cutOut.goOn")}
            </Button>
          </div>
        </div>
      </div>
    </Notice>
  );
}
