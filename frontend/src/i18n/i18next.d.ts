import "i18next";
import type ads from "./ads/ko.json";
import type farm from "./farm/ko.json";
import type ko from "./ko";
import type own from "./own/ko.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof ko; own: typeof own; farm: typeof farm; ads: typeof ads };
  }
}
