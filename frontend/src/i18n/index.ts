import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { readStored, writeStored } from "@/lib/stored";

export type Language = "ko" | "en";
export const LANGUAGES: Record<Language, string> = { ko: "한국어", en: "English" };

/** A language's texts come when it is chosen: nobody reads both. */
const TEXTS = { ko: () => import("./ko"), en: () => import("./en") } satisfies Record<Language, unknown>;
const NAMESPACE = "translation";

const isLanguage = (text: string | null): text is Language => text !== null && text in LANGUAGES;

export async function startLanguage(): Promise<void> {
  const stored = readStored("language");
  const language = isLanguage(stored) ? stored : "ko";
  i18next.on("languageChanged", (chosen) => (document.documentElement.lang = chosen));
  const texts = (await TEXTS[language]()).default;
  await i18next.use(initReactI18next).init({
    resources: { [language]: { [NAMESPACE]: texts } },
    lng: language,
    fallbackLng: false, // both have the same keys
    interpolation: { escapeValue: false }, // React escapes
  });
}

let wanted: Language | undefined;

/** The texts come first, then the language: no key is ever seen in a text's place. Of two choices the last counts. */
export async function chooseLanguage(language: Language): Promise<void> {
  wanted = language;
  if (!i18next.hasResourceBundle(language, NAMESPACE))
    i18next.addResourceBundle(language, NAMESPACE, (await TEXTS[language]()).default);
  if (wanted !== language) return;
  writeStored("language", language);
  await i18next.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : "ko";
}
