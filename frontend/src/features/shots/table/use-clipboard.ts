import { readBlock, writeBlock } from "./clipboard";
import { areasOf } from "./selection";
import { textsOf } from "./block-edit";
import type { ShotGridProps } from "./grid-props";

type Wanted = Pick<ShotGridProps, "rows" | "lines" | "columns" | "bible" | "selection" | "onAct" | "onFiles">;

/** Copy, cut and paste of the selected cells: at once, from the event itself, so that nobody is asked for leave. */
export function useClipboard({ rows, lines, columns, bible, selection, onAct, onFiles }: Wanted) {
  return (event: ClipboardEvent, kind: "copy" | "cut" | "paste"): void => {
    event.preventDefault();
    const data = event.clipboardData;
    const areas = areasOf(selection, columns.length, lines.length);
    const [area] = areas;
    if (!data || !area) return;
    if (kind === "paste") {
      const line = lines[area.y];
      const files = [...data.files];
      if (files.length > 0 && line?.is === "shot" && !data.types.includes("text/plain")) {
        onFiles(line.id, files);
        return;
      }
      const block = readBlock({ html: data.getData("text/html"), text: data.getData("text/plain") });
      onAct({ is: "put", block, area, name: "paste" });
      return;
    }
    const block = areas.flatMap((one) => textsOf(one, { rows, lines, columns, bible }));
    const { text, html } = writeBlock(block);
    data.setData("text/plain", text);
    data.setData("text/html", html);
    if (kind === "cut") onAct({ is: "cut", areas });
  };
}
