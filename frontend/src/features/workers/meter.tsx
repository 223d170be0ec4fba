import { useLanguage } from "@/i18n";
import { formatPercent } from "@/lib/format";
import { Bar } from "@/ui/progress";

interface MeterProps {
  label: string;
  value: number | undefined;
  said?: string;
  /** To be full is trouble: it is told by colour. */
  mayOverflow?: boolean;
}

/** A share; a dash where it is not known. */
export function Meter({ label, value, said, mayOverflow }: MeterProps) {
  const language = useLanguage();
  return (
    <div className="min-w-0">
      <p className="mb-1 flex justify-between gap-2 text-xs">
        <span className="text-faint">{label}</span>
        <span className="truncate text-soft">
          {said ?? (value === undefined ? "–" : formatPercent(value, language))}
        </span>
      </p>
      <Bar
        value={value ?? 0}
        tone={!mayOverflow ? "active" : (value ?? 0) > 0.92 ? "warn" : "done"}
        label={label}
      />
    </div>
  );
}
