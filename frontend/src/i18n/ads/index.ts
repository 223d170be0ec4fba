import { useLazyTexts } from "@/i18n/lazy";

const TEXTS = { ko: () => import("./ko.json"), en: () => import("./en.json") };

/** The texts of the ad studio, in the namespace "ads". */
export const useAdTexts = (): boolean => useLazyTexts("ads", TEXTS);
