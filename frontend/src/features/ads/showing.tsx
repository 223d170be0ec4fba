import clsx from "clsx";
import { Download, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdBranchView, AdPicture, AdStyles, AdView } from "@/api";
import { useLanguage } from "@/i18n";
import { Switcher } from "@/ui/field";
import { letteringsOf, SOLID } from "./form";
import { letterOf } from "./letters";
import { Picture } from "./picture";
import { groundOf, lookOf, sizesOf, stagesOf } from "./stages";
import { StageStrip } from "./stage-strip";

interface ShowingProps {
  ad: AdView;
  styles: AdStyles;
}

/** The pictures of an ad, large: one size at a time, its variants side by side; below how one of them came to be. */
export function Showing({ ad, styles }: ShowingProps) {
  const { t } = useTranslation("ads");
  const [sizeKey, setSizeKey] = useState<string>();
  const [variant, setVariant] = useState(1);
  const [stageKey, setStageKey] = useState<string>();
  const sizes = sizesOf(ad);
  const size = sizes.find(({ key }) => key === sizeKey) ?? sizes[0];
  if (size === undefined) return null;
  const branch = size.branches.find((one) => one.variant === variant) ?? size.branches[0];
  if (branch === undefined) return null;
  const stages = stagesOf(ad, branch);
  const stage = stages.find(({ key }) => key === stageKey);
  const several = size.branches.length > 1;
  return (
    <div className="grid gap-3">
      {sizes.length > 1 && (
        <div>
          <Switcher
            label={t("sizes.title")}
            value={size.key}
            onChoose={setSizeKey}
            choices={sizes.map(({ key, width, height }) => {
              const name = nameOf(width, height, styles);
              return { value: key, name: `${width} × ${height}`, label: name };
            })}
          />
        </div>
      )}
      <ul className={clsx("grid gap-3", several && "sm:grid-cols-2")}>
        {size.branches.map((one) => (
          <li key={one.key} data-branch={one.key} className="min-w-0">
            <Figure
              ad={ad}
              branch={one}
              styles={styles}
              picture={one === branch ? (stage?.picture ?? undefined) : undefined}
              several={several}
              chosen={several && one === branch}
              onChoose={() => setVariant(one.variant)}
            />
          </li>
        ))}
      </ul>
      <section aria-label={t("stages.title")}>
        <h2 className="mb-1.5 text-xs font-semibold text-soft">
          {several ? t("stages.of", { letter: letterOf(branch.variant) }) : t("stages.title")}
        </h2>
        <StageStrip stages={stages} shown={stage?.key} onShow={setStageKey} />
      </section>
    </div>
  );
}

function nameOf(width: number, height: number, { sizes }: AdStyles): string {
  const found = sizes.find((size) => size.width === width && size.height === height);
  return (found?.name ?? `${width}x${height}`).replace("x", "×");
}

interface FigureProps extends ShowingProps {
  branch: AdBranchView;
  /** Of a stage, in the result's place. */
  picture: AdPicture | undefined;
  several: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Figure({ ad, branch, styles, picture, several, chosen, onChoose }: FigureProps) {
  const { t } = useTranslation("ads");
  const language = useLanguage();
  const look = lookOf(ad, branch);
  const [last, setLast] = useState<{ result: AdPicture; ground: string | undefined }>();
  const ground = groundOf(ad, branch)?.media_id;
  if (branch.result && branch.result.media_id !== last?.result.media_id)
    setLast({ result: branch.result, ground });
  const making = ad.status === "processing" && branch.result === null;
  // while only the words are made anew, what was there before stays in sight
  const shown = picture ?? (making && last?.ground === ground ? last?.result : undefined) ?? look;
  const called = (id: string, list: AdStyles["backgrounds"]) =>
    list.find((style) => style.id === id)?.[language] ?? id;
  const told = `${called(branch.background_style, styles.backgrounds)} · ${called(branch.text_style, letteringsOf(ad.workflow === SOLID, styles))}`;
  const ratio = branch.width / branch.height;
  const frame = (
    <span
      className={clsx(
        "relative mx-auto flex items-center justify-center overflow-hidden rounded-xl border bg-sunken",
        chosen ? "border-accent ring-1 ring-accent" : "border-line",
      )}
      style={{ aspectRatio: ratio, width: `min(100%, ${ratio} * max(20rem, 100vh - 27rem))` }}
    >
      {shown ? (
        <Picture
          url={shown.url}
          alt={branch.result && !picture ? t("result.alt", { words: ad.name }) : t("result.onTheWay")}
          className={clsx("size-full object-contain", making && !picture && "opacity-60")}
        />
      ) : (
        <span className="text-faint">{t("result.none")}</span>
      )}
      {making && (
        <span aria-hidden className="absolute inset-0 flex items-center justify-center">
          <LoaderCircle className="size-10 animate-spin text-white drop-shadow-[0_0_4px_black]" />
        </span>
      )}
    </span>
  );
  return (
    <figure className="grid gap-1.5">
      {several ? (
        <button
          type="button"
          aria-pressed={chosen}
          aria-label={t("variants.one", { letter: letterOf(branch.variant) })}
          onClick={onChoose}
          className="block w-full"
        >
          {frame}
        </button>
      ) : (
        frame
      )}
      <figcaption className="flex items-center gap-2 text-xs">
        {several && <b className="text-[0.8125rem]">{letterOf(branch.variant)}</b>}
        <span className="min-w-0 flex-1 truncate text-soft">{told}</span>
        <span className="timecode text-2xs text-faint">
          {branch.width}×{branch.height}
        </span>
        {branch.result && (
          <a
            href={branch.result.url}
            download={`${branch.result.name.replace(/\.png$/i, "")}.png`}
            className="inline-flex h-8.5 items-center gap-2 rounded-md bg-accent-fill px-3 text-[0.8125rem] font-semibold text-accent-ink hover:brightness-110 [&_svg]:size-4"
          >
            <Download aria-hidden />
            {t("result.download")}
          </a>
        )}
      </figcaption>
    </figure>
  );
}
