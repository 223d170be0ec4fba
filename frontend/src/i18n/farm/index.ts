import { useLazyTexts } from "@/i18n/lazy";

const TEXTS = { ko: () => import("./ko.json"), en: () => import("./en.json") };

/** The texts of the farm page, in the namespace "farm". */
export const useFarmTexts = (): boolean => useLazyTexts("farm", TEXTS);
