import clsx from "clsx";
import { Star, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShotView } from "@/api";
import { Chip } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { MOST_STARS, readTags, sameTag } from "./table/marks";
import { writeTags } from "./table/writing";

const STARS = Array.from({ length: MOST_STARS }, (_, index) => index + 1);

/** How many stars a shot has and its tags, to be read. */
export function Marks({ shot: { rating, tags } }: { shot: ShotView }) {
  const { t } = useTranslation();
  if (rating === 0 && tags.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-1">
      {rating > 0 && (
        <span role="img" aria-label={t("shot.stars", { count: rating })} className="mr-1 flex text-fill-warn">
          {STARS.slice(0, rating).map((star) => (
            <Star key={star} className="size-3.5 fill-current" aria-hidden />
          ))}
        </span>
      )}
      {tags.length > 0 && (
        <ul aria-label={t("table.column.tags")} className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <li key={tag} className="max-w-full">
              <Chip>{tag}</Chip>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface PickerProps {
  shot: ShotView;
  onWrite: (changed: Partial<Pick<ShotView, "rating" | "tags">>) => void;
}

/** The star that is there already takes all of them away. */
export function StarPicker({ shot: { rating }, onWrite }: PickerProps) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={t("table.column.rating")} className="flex">
      {STARS.map((star) => (
        <button
          key={star}
          type="button"
          aria-label={t("shot.stars", { count: star })}
          aria-pressed={star === rating}
          onClick={() => onWrite({ rating: star === rating ? 0 : star })}
          className="rounded p-0.5 hover:text-fill-warn"
        >
          <Star
            className={clsx("size-4.5", star <= rating ? "fill-current text-fill-warn" : "text-faint")}
            aria-hidden
          />
        </button>
      ))}
    </div>
  );
}

/** The tags of a shot, each to be taken away, and a field for more: Enter or a comma ends one. */
export function TagPicker({
  shot: { tags },
  known,
  onWrite,
}: PickerProps & { known: () => readonly string[] }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const meant = writeTags([...tags, text].join(","));
  const add = () => {
    if (meant.is === "change" && text.trim()) onWrite({ tags: readTags([...tags, text].join(",")) });
    if (meant.is === "change") setText("");
  };
  return (
    <div className="flex flex-col gap-1.5">
      {tags.length > 0 && (
        <ul aria-label={t("table.column.tags")} className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <li key={tag} className="max-w-full">
              <Chip>
                {tag}
                <button
                  type="button"
                  aria-label={t("shot.removeTag", { tag })}
                  className="rounded hover:text-ink"
                  onClick={() => onWrite({ tags: tags.filter((one) => one !== tag) })}
                >
                  <X className="size-3" aria-hidden />
                </button>
              </Chip>
            </li>
          ))}
        </ul>
      )}
      <form
        className="flex gap-1.5"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Input
          list={id}
          aria-label={t("shot.addTag")}
          aria-invalid={meant.is === "problem"}
          placeholder={t("shot.addTag")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "," || event.nativeEvent.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
        <datalist id={id}>
          {known()
            .filter((tag) => !tags.some((one) => sameTag(one) === sameTag(tag)))
            .map((tag) => (
              <option key={tag} value={tag} />
            ))}
        </datalist>
        <Button type="submit">{t("shot.add")}</Button>
      </form>
      {meant.is === "problem" && (
        <p role="alert" className="text-xs text-tone-bad">
          {t(`table.problem.${meant.key}`, meant.values)}
        </p>
      )}
    </div>
  );
}
