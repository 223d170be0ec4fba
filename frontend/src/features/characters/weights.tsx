import { useQuery } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { type CharacterView, listLoraFilesOptions } from "@/api";
import { Button } from "@/ui/button";
import { Field, Select } from "@/ui/field";
import { useErrorText } from "@/ui/states";
import type { Writes } from "./writes";

interface WeightsProps {
  project: string;
  character: CharacterView;
  writes: Writes;
  busy: boolean;
  onFile: (file: File) => void;
}

/** The LoRA that draws the character, and how strongly. */
export function Weights({ project, character, writes, busy, onFile }: WeightsProps) {
  const { t } = useTranslation();
  const say = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const files = useQuery(listLoraFilesOptions({ path: { code: project } })).data?.rows;
  const [strength, setStrength] = useState<number>();
  const chosen = character.lora_file;
  const known = files?.some(({ name }) => name === chosen) ?? true;
  const change = (patch: { lora_file?: string | null; lora_strength?: number }) =>
    writes.character(() => patch).catch((error: unknown) => void toast.error(say(error)));
  const keepStrength = async () => {
    if (strength === undefined) return;
    if (strength !== character.lora_strength) await change({ lora_strength: strength });
    setStrength(undefined);
  };
  const shown = strength ?? character.lora_strength;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_11rem] gap-3 max-sm:grid-cols-1">
      <Field label={t("characters.weights.file")}>
        {(ids) => (
          <div className="flex gap-2">
            <Select
              {...ids}
              value={chosen ?? ""}
              onChange={(event) => void change({ lora_file: event.target.value || null })}
            >
              <option value="">{t("characters.weights.none")}</option>
              {chosen !== null && !known && (
                <option value={chosen}>{t("characters.weights.missing", { name: chosen })}</option>
              )}
              {chosen !== null && files === undefined && <option value={chosen}>{chosen}</option>}
              {files?.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            <Button icon={<Upload />} busy={busy} onClick={() => input.current?.click()}>
              {t("characters.weights.upload")}
            </Button>
            <input
              ref={input}
              type="file"
              accept=".safetensors"
              aria-label={t("characters.weights.upload")}
              className="hidden"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) onFile(file);
                event.target.value = "";
              }}
            />
          </div>
        )}
      </Field>
      <Field label={t("characters.weights.strength")}>
        {(ids) => (
          <div className="flex h-8.5 items-center gap-2.5">
            <input
              {...ids}
              type="range"
              min={0}
              max={1}
              step={0.05}
              value={shown}
              onChange={(event) => setStrength(Number(event.target.value))}
              onPointerUp={() => void keepStrength()}
              onKeyUp={() => void keepStrength()}
              onBlur={() => void keepStrength()}
              className="min-w-0 flex-1 accent-(--accent)"
            />
            <output className="timecode w-9 text-right">{shown.toFixed(2)}</output>
          </div>
        )}
      </Field>
    </div>
  );
}
