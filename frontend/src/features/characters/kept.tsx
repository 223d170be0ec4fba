import clsx from "clsx";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { Button } from "@/ui/button";
import { Field, Input, TextArea } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import { clashes } from "./keep";

const LONG_MS = 12_000;

interface KeptProps {
  label: string;
  help?: string;
  /** The text as it is kept. */
  value: string;
  /** Writes it when what is kept is still `base`; resolves to what is kept then. */
  onKeep: (typed: string, base: string) => Promise<string>;
  /** What is being written, for whoever shows it; undefined when done. */
  onTyped?: (typed: string | undefined) => void;
  required?: string;
  lines?: number;
  max: number;
  className?: string;
  inputClass?: string;
}

/** A text that is kept when one leaves it. What two people wrote at a time is shown to choose from. */
export function Kept({
  label,
  help,
  value,
  required,
  lines,
  max,
  className,
  inputClass,
  ...acts
}: KeptProps) {
  const { t } = useTranslation();
  const { typed, base, error, type, keep, drop } = useKept({ label, value, required, ...acts });
  const clash = typed !== undefined && clashes(base, typed, value);

  const pressed = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (lines !== undefined && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    void keep(base);
  };
  return (
    <div className={className}>
      <Field label={label} help={help} error={clash ? undefined : error}>
        {(ids) => {
          const shared = {
            ...ids,
            value: typed ?? value,
            maxLength: max,
            autoComplete: "off",
            onKeyDown: pressed,
            onBlur: () => void keep(base),
            ...(inputClass !== undefined && { className: inputClass }),
          };
          return lines === undefined ? (
            <Input {...shared} onChange={(event) => type(event.target.value)} />
          ) : (
            <TextArea {...shared} rows={lines} onChange={(event) => type(event.target.value)} />
          );
        }}
      </Field>
      {clash && (
        <div
          role="alert"
          className="mt-1.5 rounded-md border-l-2 border-tone-warn bg-raised px-3 py-2 text-xs"
        >
          <p className="text-tone-warn">{t("characters.clash")}</p>
          <p className={clsx("my-1.5 whitespace-pre-wrap", value ? "text-ink" : "text-faint")}>
            {value || t("characters.clashEmpty")}
          </p>
          <div className="flex gap-1.5">
            <Button size="sm" onClick={() => void keep(value)}>
              {t("characters.mine")}
            </Button>
            <Button size="sm" look="quiet" onClick={drop}>
              {t("characters.theirs")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function useKept({
  label,
  value,
  onKeep,
  onTyped,
  required,
}: Pick<KeptProps, "label" | "value" | "onKeep" | "onTyped"> & { required: string | undefined }) {
  const { t } = useTranslation();
  const say = useErrorText();
  const [typed, setTyped] = useState<string>();
  const [base, setBase] = useState(value);
  const [error, setError] = useState<string>();

  const drop = () => {
    setTyped(undefined);
    setError(undefined);
    onTyped?.(undefined);
  };
  const type = (text: string) => {
    if (typed === undefined) setBase(value);
    setTyped(text);
    setError(undefined);
    onTyped?.(text);
  };
  const keep = async (over: string) => {
    if (typed === undefined) return;
    const text = typed.trim();
    if (text === value) return drop();
    if (required !== undefined && text === "") return setError(required);
    if (clashes(over, text, value)) return; // shown, to choose
    setBase(over);
    try {
      setError(undefined);
      if ((await onKeep(text, over)) !== text) return; // somebody was faster: both are shown
      setTyped((now) => (now?.trim() === text ? undefined : now));
      onTyped?.(undefined);
    } catch (failed) {
      setError(say(failed));
    }
  };

  // one who leaves with the key still in the field has written, too
  const leaving = useRef<() => void>(() => undefined);
  useEffect(() => {
    leaving.current = () => {
      const text = typed?.trim();
      if (text === undefined || text === value || (required !== undefined && text === "")) return;
      const offer = {
        duration: LONG_MS,
        action: { label: t("characters.copy"), onClick: () => void navigator.clipboard.writeText(text) },
      };
      const passed = () => toast.warning(t("characters.lostClash", { field: label }), offer);
      if (clashes(base, text, value)) return void passed();
      onKeep(text, base).then(
        (kept) => void (kept !== text && passed()),
        (failed: unknown) => toast.error(t("characters.lost", { message: say(failed) }), offer),
      );
    };
  });
  useEffect(() => () => leaving.current(), []);
  return { typed, base, error, type, keep, drop };
}
