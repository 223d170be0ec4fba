import i18next from "i18next";
import { useEffect, useState } from "react";

/** Texts of a page that few open: they come with it, not before the table. */
const NAMESPACE = "own";
const TEXTS = { ko: () => import("./ko.json"), en: () => import("./en.json") };

/** Whether they are there. Both languages come: a form that is half filled in must outlive a change of language. */
export function useOwnTexts(): boolean {
  const [ready, setReady] = useState(() =>
    Object.keys(TEXTS).every((language) => i18next.hasResourceBundle(language, NAMESPACE)),
  );
  useEffect(() => {
    if (ready) return;
    const load = Object.entries(TEXTS).map(async ([language, texts]) =>
      i18next.addResourceBundle(language, NAMESPACE, (await texts()).default),
    );
    void Promise.all(load).then(() => setReady(true));
  }, [ready]);
  return ready;
}
