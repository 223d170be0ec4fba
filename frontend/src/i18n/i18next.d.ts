import "i18next";
import type ko from "./ko";
import type own from "./own/ko.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof ko; own: typeof own };
  }
}
