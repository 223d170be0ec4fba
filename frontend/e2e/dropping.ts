import type { Page } from "@playwright/test";

export interface Dropped {
  name: string;
  /** A picture of one colour; else the bytes of a file. */
  colour?: string;
  bytes?: number[];
}

/** Files dropped on the page, as a browser tells of them. */
export async function dropFiles(page: Page, files: readonly Dropped[]): Promise<void> {
  await page.evaluate(async (given) => {
    const transfer = new DataTransfer();
    for (const { name, colour, bytes } of given) {
      if (colour === undefined) {
        transfer.items.add(new File([new Uint8Array(bytes ?? [])], name));
        continue;
      }
      const canvas = document.createElement("canvas");
      canvas.width = 120;
      canvas.height = 160;
      const brush = canvas.getContext("2d");
      if (brush) brush.fillStyle = colour;
      brush?.fillRect(0, 0, 120, 160);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
      if (blob) transfer.items.add(new File([blob], name, { type: "image/png" }));
    }
    const target = document.querySelector("[role=dialog]") ?? document.body;
    for (const type of ["dragenter", "dragover", "drop"])
      target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);
}
