"""What a model reads of a prompt."""

from typing import Any

from worker.task import Task

TOLD = 120  # characters of what is not read


def note_cut(task: Task, prompt: str, tokenizer: Any, most: int, *, around: str = "") -> None:
    """Say how much of the prompt the encoder does not read: more than `most` tokens, with the template `around` it."""
    tokens = tokenizer(prompt, add_special_tokens=False).input_ids
    beside = len(tokenizer(around, add_special_tokens=not around).input_ids)
    room = max(0, most - beside)
    if len(tokens) <= room:
        return
    lost = tokenizer.decode(tokens[room:]).strip()
    shown = lost if len(lost) <= TOLD else f"{lost[:TOLD]}…"
    task.log(
        f"The prompt has {len(tokens)} tokens and the model reads {room}; this end of it is not read: “{shown}”.",
        "warning",
    )
    task.provenance["prompt_cut"] = {"tokens": len(tokens), "read": room, "not_read": lost}


def with_triggers(task: Task, prompt: str) -> str:
    """A prompt that the farm assembled has the LoRAs' trigger words; words typed instead of it may not."""
    missing = []
    for lora in task.parameters["loras"] or ():
        words = lora["trigger_words"].strip(" ,")
        if words and words.lower() not in prompt.lower() and words not in missing:
            missing.append(words)
    if not missing:
        return prompt
    task.log(f"Put last in the prompt, since the LoRAs answer to them: {', '.join(missing)}.")
    task.provenance["trigger_words_added"] = missing
    return ", ".join([prompt.rstrip(" ,"), *missing])
