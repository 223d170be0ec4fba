import { useMemo } from "react";
import type { CinematicFields } from "@/api";
import { pictureOf } from "@/features/cinematic/picture";
import type { PresetBook } from "@/lib/prompt/assemble";
import { Still } from "./still";

/** Everything an option says, in one small picture. */
export function Composed({ fields, book }: { fields: CinematicFields; book: PresetBook }) {
  const picture = useMemo(() => pictureOf(fields, book), [fields, book]);
  return <Still picture={picture} className="block w-full" />;
}
