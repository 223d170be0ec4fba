import i18next from "i18next";
import { useEffect, useState } from "react";

type Texts = Record<string, () => Promise<{ default: object }>>;

/**
 * Texts of a page that few open: they come with it, not before the table. Whether they are there. Both languages come:
 * a form that is half filled in must outlive a change of language.
 */
export function useLazyTexts(namespace: string, texts: Texts): boolean {
  const [ready, setReady] = useState(() =>
    Object.keys(texts).every((language) => i18next.hasResourceBundle(language, namespace)),
  );
  useEffect(() => {
    if (ready) return;
    const load = Object.entries(texts).map(async ([language, read]) =>
      i18next.addResourceBundle(language, namespace, (await read()).default),
    );
    void Promise.all(load).then(() => setReady(true));
  }, [ready, namespace, texts]);
  return ready;
}
