import { Minus, Plus } from "lucide-react";
import { type KeyboardEvent, memo, type MouseEvent, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Preset } from "@/api";
import { useLanguage } from "@/i18n";
import type { PresetBook } from "@/lib/prompt/assemble";
import { FieldDrawing } from "./drawings/field-drawing";
import { labelOf } from "./values";

interface PresetGridProps {
  label: string;
  presets: readonly Preset[];
  chosen: ReadonlySet<string>;
  book: PresetBook;
  body: string;
  /** `beside`: with the others, not in their place. */
  onPress: (preset: Preset, beside: boolean) => void;
}

/** Presets of one field to press; arrow keys walk over them. */
export function PresetGrid({ label, presets, chosen, book, body, onPress }: PresetGridProps) {
  const first = presets.find(({ key }) => chosen.has(key)) ?? presets[0];
  return (
    <ul
      aria-label={label}
      onKeyDown={walk}
      className="grid grid-cols-[repeat(auto-fill,minmax(8.25rem,1fr))] gap-2.5"
    >
      {presets.map((preset) => (
        <PresetTile
          key={preset.key}
          preset={preset}
          chosen={chosen.has(preset.key)}
          others={chosen.size > (chosen.has(preset.key) ? 1 : 0)}
          reached={preset === first}
          book={book}
          body={preset.kind === "focal_length" ? body : ""}
          onPress={onPress}
        />
      ))}
    </ul>
  );
}

interface PresetTileProps {
  preset: Preset;
  chosen: boolean;
  /** Whether something else is chosen in its field. */
  others: boolean;
  /** The one that the Tab key reaches. */
  reached: boolean;
  book: PresetBook;
  body: string;
  onPress: (preset: Preset, beside: boolean) => void;
}

const PresetTile = memo(function PresetTile(props: PresetTileProps) {
  const { preset, chosen, others, reached, book, body, onPress } = props;
  const { t } = useTranslation();
  const language = useLanguage();
  const name = labelOf(preset, language);
  const press = useCallback(
    (event: MouseEvent) => onPress(preset, event.shiftKey || event.ctrlKey || event.metaKey),
    [onPress, preset],
  );
  return (
    <li className="group relative">
      <button
        type="button"
        data-preset
        aria-pressed={chosen}
        tabIndex={reached ? 0 : -1}
        title={preset.prompt}
        onClick={press}
        className="flex w-full flex-col overflow-hidden rounded-lg border border-line bg-surface text-left hover:border-line-strong hover:bg-hover aria-pressed:border-accent aria-pressed:ring-1 aria-pressed:ring-accent"
      >
        <span className="block w-full bg-sunken [&>svg]:block [&>svg]:w-full">
          <FieldDrawing kind={preset.kind} value={preset.key} book={book} body={body} />
        </span>
        <span className="flex min-h-8 w-full items-center px-2 py-1 text-xs leading-tight font-medium group-has-aria-pressed:text-accent">
          {name}
        </span>
      </button>
      {others && (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t(chosen ? "cinematic.notBeside" : "cinematic.beside", { name })}
          title={t(chosen ? "cinematic.notBeside" : "cinematic.beside", { name })}
          onClick={() => onPress(preset, true)}
          className="absolute top-1.5 right-1.5 rounded-md border border-line bg-raised p-1 text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-ink pointer-coarse:opacity-100 [&_svg]:size-3.5"
        >
          {chosen ? <Minus /> : <Plus />}
        </button>
      )}
    </li>
  );
});

/** Arrow keys, Home and End go from tile to tile; Shift with Enter presses one beside the others. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  const tiles = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("[data-preset]")];
  const at = tiles.findIndex((tile) => tile === document.activeElement);
  const top = (tile: HTMLElement | undefined) => tile?.parentElement?.offsetTop;
  const columns = tiles.filter((tile) => top(tile) === top(tiles[0])).length;
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -at,
    End: tiles.length - 1 - at,
  };
  const step = steps[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  tiles[at + step]?.focus();
}
