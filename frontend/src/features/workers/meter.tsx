import { useLanguage } from "@/i18n";
import { formatPercent } from "@/lib/format";
import { Bar } from "@/ui/progress";

/** A share that may run full. */
export function Meter({ label, value, said }: { label: string; value: number; said?: string }) {
  const language = useLanguage();
  return (
    <div>
      <p className="mb-1 flex justify-between gap-2 text-xs">
        <span className="text-faint">{label}</span>
        <span className="whitespace-nowrap text-soft">{said ?? formatPercent(value, language)}</span>
      </p>
      <Bar value={value} tone={value > 0.92 ? "warn" : "done"} label={label} />
    </div>
  );
}
