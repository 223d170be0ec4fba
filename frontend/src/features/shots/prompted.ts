import type { ShotView } from "@/api";
import { assemble, type PromptBible } from "@/lib/prompt/assemble";
import type { ShotRows } from "./rows";
import type { ShotEdit } from "./table/block-edit";

const PARTS: readonly (keyof ShotView)[] = [
  "scene_description",
  "action",
  "characters",
  "cinematic_option_id",
  "prompt_override",
];

/** The edit with the prompt that it gives, to be seen before the master says the same. */
export function prompted(edit: ShotEdit, rows: ShotRows, bible: PromptBible | undefined): ShotEdit {
  const shot = rows.get(edit.id);
  if (!bible || !shot || !PARTS.some((part) => part in edit.show)) return edit;
  const now = { ...shot, ...edit.show };
  const generated_prompt = assemble(now, bible).text;
  const effective_prompt = now.prompt_override ?? generated_prompt;
  return { ...edit, show: { ...edit.show, generated_prompt, effective_prompt } };
}
