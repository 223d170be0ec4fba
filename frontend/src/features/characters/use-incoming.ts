import { useEffect, useEffectEvent, useState } from "react";

const holdsFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes("Files") ?? false;

/** A spreadsheet's cells come as a text and a picture of it; in a field the text is meant. */
const isText = ({ target, clipboardData }: ClipboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.matches("input, textarea") &&
  (clipboardData?.types.includes("text/plain") ?? false);

/** Files dropped anywhere on the page or pasted from the clipboard. Returns whether some hover over it. */
export function useIncoming(onFiles: (files: File[]) => void, off: boolean): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    if (off) return;
    let depth = 0;
    const end = () => {
      depth = 0;
      setOver(false);
    };
    const heard = {
      dragenter: (event: DragEvent) => {
        if (!holdsFiles(event.dataTransfer)) return;
        depth += 1;
        setOver(true);
      },
      dragleave: () => {
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      dragover: (event: DragEvent) => holdsFiles(event.dataTransfer) && event.preventDefault(),
      drop: (event: DragEvent) => {
        end();
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        take([...(event.dataTransfer?.files ?? [])]);
      },
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || isText(event)) return;
      event.preventDefault();
      take(files);
    };
    const all = Object.entries(heard) as [keyof typeof heard, (event: DragEvent) => void][];
    for (const [name, listener] of all) document.addEventListener(name, listener);
    document.addEventListener("paste", paste);
    return () => {
      for (const [name, listener] of all) document.removeEventListener(name, listener);
      document.removeEventListener("paste", paste);
      end();
    };
  }, [off]);
  return over;
}
