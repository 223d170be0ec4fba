import { Search } from "lucide-react";
import { type Ref, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Input } from "@/ui/field";

interface FindBoxProps {
  ref: Ref<HTMLInputElement>;
  q: string;
  onFind: (q: string) => void;
}

const SOON_MS = 150;

/** Finds while one types, but never in the middle of a syllable. */
export function FindBox({ ref, q, onFind }: FindBoxProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const findSoon = (now: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onFind(now), SOON_MS);
  };
  return (
    <label className="relative w-56 shrink-0">
      <Search className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-faint" aria-hidden />
      <span className="sr-only">{t("shots.search")}</span>
      <Input
        ref={ref}
        type="search"
        value={text}
        placeholder={t("shots.search")}
        className="pl-8"
        onChange={(event) => {
          setText(event.target.value);
          if (!(event.nativeEvent as InputEvent).isComposing) findSoon(event.target.value);
        }}
        onCompositionEnd={(event) => findSoon(event.currentTarget.value)}
      />
    </label>
  );
}
