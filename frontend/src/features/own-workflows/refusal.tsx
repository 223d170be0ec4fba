import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/errors";
import { Notice, useErrorText } from "@/ui/states";
import { problemsOf } from "./problems";

/** Everything that is wrong with a graph, each with its remedy. */
export function Refusal({ error }: { error: Error | null }) {
  const { t } = useTranslation("own");
  const say = useErrorText();
  if (error instanceof ApiError && error.isOffline) return <Notice tone="bad">{say(error)}</Notice>;
  const { rest } = problemsOf(error);
  if (rest.length === 0) return null;
  return (
    <Notice tone="bad">
      <p className="font-semibold">{t("refused")}</p>
      <ul className="mt-1 list-disc pl-4">
        {rest.map(({ place, message }) => (
          <li key={`${place} ${message}`}>{message}</li>
        ))}
      </ul>
    </Notice>
  );
}
