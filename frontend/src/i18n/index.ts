import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { readStored, writeStored } from "@/lib/stored";
import en from "./en";
import ko from "./ko";

// A key that one language lacks is a compile error in the other direction's line.
const resources = {
  ko: { translation: ko satisfies typeof en },
  en: { translation: en satisfies typeof ko },
};

export type Language = keyof typeof resources;
export const LANGUAGES: Record<Language, string> = { ko: "한국어", en: "English" };

const isLanguage = (text: string | null): text is Language => text !== null && text in resources;

export async function startLanguage(): Promise<void> {
  const stored = readStored("language");
  i18next.on("languageChanged", (language) => (document.documentElement.lang = language));
  await i18next.use(initReactI18next).init({
    resources,
    lng: isLanguage(stored) ? stored : "ko",
    fallbackLng: "en",
    interpolation: { escapeValue: false }, // React escapes
  });
}

export function chooseLanguage(language: Language): void {
  writeStored("language", language);
  void i18next.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : "ko";
}
