/** A reference sheet is a list of pictures; the first stands for the character. */

/** The list with one picture moved by so many places, held within the ends. */
export function moved(sheet: readonly string[], id: string, by: number): string[] {
  const from = sheet.indexOf(id);
  if (from < 0) return [...sheet];
  const rest = sheet.filter((one) => one !== id);
  rest.splice(Math.max(0, Math.min(rest.length, from + by)), 0, id);
  return rest;
}

/** The list with one picture dropped on a side of another. */
export function droppedAt(
  sheet: readonly string[],
  id: string,
  at: string,
  side: "before" | "after",
): string[] {
  const rest = sheet.filter((one) => one !== id);
  const place = rest.indexOf(at);
  if (id === at || place < 0 || rest.length === sheet.length) return [...sheet];
  rest.splice(side === "before" ? place : place + 1, 0, id);
  return rest;
}

/** The list with new pictures behind a given one, else at the end; none twice. */
export function withPictures(sheet: readonly string[], ids: readonly string[], behind?: string): string[] {
  const fresh = ids.filter((id) => !sheet.includes(id));
  const place = behind === undefined ? -1 : sheet.indexOf(behind);
  return place < 0
    ? [...sheet, ...fresh]
    : [...sheet.slice(0, place + 1), ...fresh, ...sheet.slice(place + 1)];
}

export interface Sorted {
  pictures: File[];
  loras: File[];
  others: File[];
}

const PICTURE = /^image\/(png|jpeg|webp)$/;

/** What was dropped or pasted, by what it can become here. */
export function sorted(files: readonly File[]): Sorted {
  const isLora = ({ name }: File) => name.toLowerCase().endsWith(".safetensors");
  const isPicture = ({ type }: File) => PICTURE.test(type);
  return {
    pictures: files.filter(isPicture),
    loras: files.filter(isLora),
    others: files.filter((file) => !isPicture(file) && !isLora(file)),
  };
}
