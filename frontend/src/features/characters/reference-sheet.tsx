import clsx from "clsx";
import { ImagePlus, LoaderCircle } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import type { CharacterView } from "@/api";
import { Button } from "@/ui/button";
import { Section } from "@/ui/heading";
import { useErrorText } from "@/ui/states";
import { CropDialog } from "./crop-dialog";
import { droppedAt, moved, withPictures } from "./sheet";
import { Tile } from "./tile";
import type { Writes } from "./writes";

interface ReferenceSheetProps {
  character: CharacterView;
  writes: Writes;
  /** How many pictures are on their way. */
  sending: number;
  /** Files hover over the page. */
  over: boolean;
  onPictures: (files: readonly File[], behind?: string) => void;
  onCropping: (open: boolean) => void;
}

export function ReferenceSheet(props: ReferenceSheetProps) {
  const { character, writes, sending, over, onPictures, onCropping } = props;
  const { t } = useTranslation();
  const say = useErrorText();
  const input = useRef<HTMLInputElement>(null);
  const [cropped, setCropped] = useState<string>();
  const [said, setSaid] = useState("");
  const sheet = character.reference_sheet;
  const urlOf = (id: string) => character.reference_urls[sheet.indexOf(id)] ?? "";

  const change = (make: (now: readonly string[]) => string[]) =>
    writes
      .character((now) => ({ reference_sheet: make(now.reference_sheet) }))
      .catch((error: unknown) => void toast.error(say(error)));
  const move = (id: string, by: number) => {
    setSaid(t("characters.sheet.moved", { place: moved(sheet, id, by).indexOf(id) + 1 }));
    void change((now) => moved(now, id, by));
  };
  const remove = (id: string) => {
    const before = sheet[sheet.indexOf(id) - 1];
    void change((now) => now.filter((one) => one !== id));
    const undo = () =>
      change((now) => (before === undefined ? [id, ...now] : withPictures(now, [id], before)));
    toast(t("characters.sheet.removed"), {
      action: { label: t("characters.undo"), onClick: () => void undo() },
    });
  };
  const crop = (id: string | undefined) => {
    setCropped(id);
    onCropping(id !== undefined);
  };

  return (
    <Section
      title={t("characters.sheet.title")}
      tools={
        <Button size="sm" look="quiet" icon={<ImagePlus />} onClick={() => input.current?.click()}>
          {t("characters.sheet.add")}
        </Button>
      }
    >
      <input
        ref={input}
        type="file"
        multiple
        accept="image/png,image/jpeg,image/webp"
        aria-label={t("characters.sheet.add")}
        className="hidden"
        onChange={(event) => {
          onPictures([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <div
        className={clsx(
          "rounded-xl border border-dashed p-2.5 transition-colors",
          over ? "border-accent bg-accent-soft" : "border-line-strong bg-paper",
        )}
      >
        {sheet.length + sending > 0 && (
          <ul className="mb-2 grid grid-cols-4 gap-2.5">
            {sheet.map((id, index) => (
              <Tile
                key={id}
                id={id}
                url={urlOf(id)}
                cover={index === 0}
                label={t("characters.sheet.picture", {
                  name: character.name,
                  place: index + 1,
                  total: sheet.length,
                })}
                onMove={(by) => move(id, by)}
                onDrop={(dragged, side) => void change((now) => droppedAt(now, dragged, id, side))}
                onCrop={() => crop(id)}
                onRemove={() => remove(id)}
              />
            ))}
            {Array.from({ length: sending }, (_, index) => (
              <li
                key={index}
                className="flex aspect-[3/4] items-center justify-center rounded-lg bg-sunken text-faint"
              >
                <LoaderCircle className="size-5 animate-spin" aria-label={t("characters.sheet.sending")} />
              </li>
            ))}
          </ul>
        )}
        <p
          className={clsx(
            "text-center text-xs",
            sheet.length + sending === 0 ? "py-7" : "py-0.5",
            over ? "text-accent" : "text-faint",
          )}
        >
          {t(over ? "characters.sheet.drop" : "characters.sheet.help")}
        </p>
      </div>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {cropped !== undefined && (
        <CropDialog
          url={urlOf(cropped)}
          name={character.name}
          onClose={() => crop(undefined)}
          onCut={(file) => {
            onPictures([file], cropped);
            crop(undefined);
          }}
        />
      )}
    </Section>
  );
}
