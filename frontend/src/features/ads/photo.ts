import type { Photo } from "./form";

export const ACCEPTED = "image/png,image/jpeg,image/webp";
export const MOST_MB = 10;

/** Why a file cannot be the photo; undefined when it can. The master looks into it again. */
export function photoProblem({
  type,
  size,
}: {
  type: string;
  size: number;
}): "kind" | "size" | "empty" | undefined {
  if (!ACCEPTED.split(",").includes(type)) return "kind";
  if (size === 0) return "empty";
  return size > MOST_MB * 1024 * 1024 ? "size" : undefined;
}

/** The whole file; rejects when the browser cannot read it (moved, or on a drive that is gone). */
export async function readPhoto(file: File): Promise<Photo> {
  const data = await dataUrlOf(file);
  return { name: file.name, url: data, data };
}

export function dataUrlOf(file: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error ?? new Error("The file cannot be read."));
    reader.readAsDataURL(file);
  });
}
