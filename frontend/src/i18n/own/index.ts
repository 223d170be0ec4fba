import { useLazyTexts } from "@/i18n/lazy";

const TEXTS = { ko: () => import("./ko.json"), en: () => import("./en.json") };

/** The texts of the workflows page, in the namespace "own". */
export const useOwnTexts = (): boolean => useLazyTexts("own", TEXTS);
