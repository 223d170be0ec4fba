import type { ShotView } from "@/api";
import type { NewRow } from "@/features/shots/rows";

/** A shot for right behind this one: what a person wrote of it, and nothing that was rendered. */
export function copyOf(shot: ShotView): NewRow {
  const { sequence_id, scene_description, action, cinematic_option_id, prompt_override, negative_prompt } =
    shot;
  const { reference_images, frame_count, workflow_type, notes, rating, tags } = shot;
  const characters = shot.characters.map(({ character_id, look_id }) => ({ character_id, look_id }));
  const send = {
    ...{ sequence_id, scene_description, action, cinematic_option_id, prompt_override, negative_prompt },
    ...{ reference_images, frame_count, workflow_type, notes, characters, rating, tags },
    position: shot.position + 1e-4,
  };
  const { characters: cast, cinematic_option, generated_prompt, effective_prompt, prompt_overridden } = shot;
  return {
    send,
    show: {
      ...{ ...send, characters: cast },
      ...{ cinematic_option, generated_prompt, effective_prompt, prompt_overridden },
    },
  };
}
