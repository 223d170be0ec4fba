import clsx from "clsx";
import { type ReactNode, useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface CellInputHandle {
  focus: () => void;
  /** Begin with this text. */
  begin: (text: string) => void;
  text: () => string;
  put: (text: string) => void;
}

interface CellInputProps {
  ref: Ref<CellInputHandle>;
  /** The grid's scroller: what has the focus there counts as inside the grid. */
  host: HTMLElement;
  /** Where the cell is in the window; another function when that may have changed. */
  place: () => Box | undefined;
  editing: boolean;
  /** Whether the cell takes text; what is typed elsewhere is dropped. */
  writable: boolean;
  invalid: boolean;
  /** What is read aloud of the cell. */
  label: string;
  onTyped: (text: string) => void;
  onKey: (event: KeyboardEvent) => void;
  onLeave: (to: Node | null) => void;
  onClipboard: (event: ClipboardEvent, kind: "copy" | "cut" | "paste") => void;
  /** Under the text while it is edited: suggestions, what is wrong, what others wrote. */
  children?: ReactNode;
}

const LEAST_WIDTH = 200;
const MOST_HEIGHT = 260;

/**
 * A text field over the active cell that always holds the focus, seen only while the cell is edited. A canvas cannot
 * begin a composition: without the field the first key of a Hangul syllable would be lost.
 */
export function CellInput(props: CellInputProps) {
  const { ref, host, place, editing, writable, children } = props;
  const { t } = useTranslation();
  const around = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });

  const fit = () => {
    const field = area.current;
    if (!field) return;
    field.style.height = "0";
    field.style.height = `${Math.min(MOST_HEIGHT, field.scrollHeight + 4)}px`;
  };
  useLayoutEffect(() => {
    const box = place();
    const [frame, field] = [around.current, area.current];
    if (!frame || !field) return;
    frame.style.left = frame.style.top = "0";
    const origin = frame.getBoundingClientRect(); // the scroller, not the window, is what it is fixed to
    frame.style.left = `${(box?.x ?? 0) - origin.x}px`;
    frame.style.top = `${(box?.y ?? 0) - origin.y}px`;
    frame.style.width = `${Math.max(box?.width ?? 1, editing ? LEAST_WIDTH : 1)}px`;
    frame.style.visibility = box === undefined && editing ? "hidden" : "visible";
    field.style.minHeight = `${box?.height ?? 1}px`;
    fit();
  }, [place, editing]);

  useImperativeHandle(ref, () => ({
    focus: () => area.current?.focus({ preventScroll: true }),
    begin: (text) => {
      const field = area.current;
      if (!field) return;
      field.value = text;
      field.focus({ preventScroll: true });
      field.setSelectionRange(text.length, text.length);
      fit();
    },
    text: () => area.current?.value ?? "",
    put: (text) => {
      if (area.current) area.current.value = text;
      fit();
    },
  }));

  useEffect(() => {
    const field = area.current;
    if (!field) return;
    const keyed = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229) return; // the key belongs to the composition
      latest.current.onKey(event);
    };
    const clipped = (event: Event) => {
      if (!latest.current.editing)
        latest.current.onClipboard(event as ClipboardEvent, event.type as "copy" | "cut" | "paste");
    };
    field.addEventListener("keydown", keyed);
    for (const kind of ["copy", "cut", "paste"]) field.addEventListener(kind, clipped);
    return () => {
      field.removeEventListener("keydown", keyed);
      for (const kind of ["copy", "cut", "paste"]) field.removeEventListener(kind, clipped);
    };
  }, []);

  const typed = () => {
    const text = area.current?.value ?? "";
    if (!editing && !writable) {
      if (area.current) area.current.value = "";
      return;
    }
    fit();
    props.onTyped(text);
  };

  return createPortal(
    <div ref={around} className="pointer-events-none fixed z-20">
      <textarea
        ref={area}
        rows={1}
        spellCheck={false}
        autoComplete="off"
        aria-label={props.label}
        aria-invalid={props.invalid}
        aria-roledescription={t("table.cell")}
        data-cell-input
        onCompositionStart={() => writable && !editing && props.onTyped("")}
        onInput={typed}
        onBlur={(event) => props.onLeave(event.relatedTarget)}
        className={clsx(
          "block w-full resize-none overflow-y-auto rounded-sm border-2 bg-field px-2 py-1.5 text-[0.8125rem] leading-snug text-ink outline-none",
          props.invalid ? "border-tone-bad" : "border-accent",
          editing ? "pointer-events-auto opacity-100 shadow-float" : "opacity-0",
        )}
      />
      {editing && <div className="pointer-events-auto mt-1">{children}</div>}
    </div>,
    host,
  );
}
