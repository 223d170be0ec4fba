import type ko from "@/i18n/ko";

// The files that Korean lists; i18n.test.ts holds their keys to the Korean ones.
const files = import.meta.glob<object>("./*.json", { eager: true, import: "default" });

export default Object.assign({}, ...Object.values(files)) as typeof ko;
