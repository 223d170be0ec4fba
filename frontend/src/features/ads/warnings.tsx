import { useTranslation } from "react-i18next";
import type { AdView } from "@/api";
import { Notice } from "@/ui/states";
import { warningsOf } from "./stages";

/** What did not come as it was asked for, and what came in its place. */
export function Warnings({ ad }: { ad: AdView }) {
  const { t } = useTranslation("ads");
  const said = warningsOf(ad);
  if (said.length === 0) return null;
  return (
    <Notice>
      <p className="font-semibold">{t("warnings")}</p>
      <ul className="mt-1 grid gap-0.5 text-soft">
        {said.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}
