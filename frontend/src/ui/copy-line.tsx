import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";

/** A command to copy. (Without https a browser has no clipboard: there it is selected by a click.) */
export function CopyLine({ text }: { text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <div className="flex items-start gap-2 rounded-lg border border-line bg-sunken p-3">
      <code className="min-w-0 flex-1 text-xs leading-relaxed break-all whitespace-pre-wrap text-ink select-all">
        {text}
      </code>
      {"clipboard" in navigator && (
        <IconButton
          size="sm"
          label={copied ? t("action.copied") : t("action.copy")}
          onClick={() => void copy()}
        >
          {copied ? <Check /> : <Copy />}
        </IconButton>
      )}
    </div>
  );
}
