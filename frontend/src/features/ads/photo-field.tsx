import { ImagePlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DropFile } from "@/ui/drop-file";
import type { Photo } from "./form";
import { ACCEPTED, MOST_MB, photoProblem, readPhoto } from "./photo";

interface PhotoFieldProps {
  photo: Photo | undefined;
  /** What the master said of it. */
  error: string | undefined;
  onPhoto: (photo: Photo) => void;
}

/** A large place to drop the product photo on; the photo itself, once it is there. */
export function PhotoField({ photo, error, onPhoto }: PhotoFieldProps) {
  const { t } = useTranslation("ads");
  const [problem, setProblem] = useState<"kind" | "size" | "empty" | "unreadable">();

  function take(file: File) {
    const found = photoProblem(file);
    setProblem(found);
    if (found) return;
    readPhoto(file).then(onPhoto, () => setProblem("unreadable"));
  }
  const said = problem ? t(`photo.${problem}`, { most: MOST_MB }) : error;
  return (
    <div>
      <DropFile
        accept={ACCEPTED}
        onFile={take}
        className="group relative min-h-36 justify-center overflow-hidden"
      >
        {photo ? (
          <>
            <img src={photo.url} alt={t("photo.yours")} className="h-40 w-full bg-sunken object-contain" />
            <span className="absolute right-2 bottom-2 inline-flex items-center gap-1.5 rounded-md bg-black/70 px-2 py-1 text-xs text-white [&_svg]:size-3.5">
              <ImagePlus aria-hidden />
              {t("photo.replace")}
            </span>
          </>
        ) : (
          <span className="flex flex-col items-center gap-1.5 px-5 py-7 text-center">
            <ImagePlus aria-hidden className="mb-1 size-8 stroke-[1.25] text-faint" />
            <span className="font-semibold">{t("photo.drop")}</span>
            <span className="text-xs text-faint">{t("photo.help", { most: MOST_MB })}</span>
          </span>
        )}
      </DropFile>
      {said !== undefined && (
        <p role="alert" className="mt-1.5 text-xs text-tone-bad">
          {said}
        </p>
      )}
    </div>
  );
}
