"""How a long take is divided into clips, whichever engine draws them."""

from pathlib import Path
from typing import Any

import pytest

from worker.engines.media.long_take import planned
from worker.task import Task


def take(frames: int, *, overlap: int = 4, rate: tuple[int, int] = (16, 1), **given: Any) -> Task:
    shot = {"fps_num": rate[0], "fps_den": rate[1]}
    plain = {"shot": shot, "frame_count": frames, "overlap_frames": overlap, "seed": 7, "prompt": "rain"}
    return Task("image_to_video/svi", plain | given, {}, Path("nowhere"))


@pytest.mark.parametrize("overlap", [4, 12, 20])
@pytest.mark.parametrize("frames", [1, 2, 5, 80, 81, 82, 85, 157, 158, 160, 241, 1000, 7200])
def test_joined_clips_show_the_frames_that_the_shot_needs(frames: int, overlap: int) -> None:
    """To the frame, each in one piece after what it repeats; only of the last less than it could is shown."""
    clips = planned(take(frames, overlap=overlap))
    assert sum(clip.shown for clip in clips) == frames
    assert [clip.left_out for clip in clips] == [0] + [1 + overlap] * (len(clips) - 1)
    assert all(clip.frames % 4 == 1 and 5 <= clip.frames <= 81 for clip in clips)
    assert all(0 < clip.shown <= clip.frames - clip.left_out for clip in clips)
    assert all(clip.shown == clip.frames - clip.left_out for clip in clips[:-1])
    assert clips[-1].frames - clips[-1].left_out - clips[-1].shown < 20


def test_a_take_is_counted_at_the_models_rate() -> None:
    """Ten seconds at 23.976 are 161 of its frames: the first of the eleventh is still seen."""
    assert sum(clip.shown for clip in planned(take(240, rate=(24000, 1001)))) == 161
    assert sum(clip.shown for clip in planned(take(240, rate=(24, 1)))) == 160


def test_clips_have_seeds_of_their_own_and_the_first_has_the_takes() -> None:
    seeds = [clip.seed for clip in planned(take(1000))]
    assert seeds[0] == 7
    assert len(set(seeds)) == len(seeds) == 14
    assert seeds == [clip.seed for clip in planned(take(1000))]
    assert not set(seeds) & {clip.seed for clip in planned(take(1000, seed=8))}


def test_a_clip_without_a_line_has_the_prompt_of_the_take() -> None:
    task = take(200, clip_prompts="it begins\n\n it ends \nnever")
    said: list[str] = []
    task.on_log = lambda level, text: said.append(text)
    assert [clip.prompt for clip in planned(task)] == ["it begins", "rain", "it ends"]
    assert said == ["The take has 3 clips; the prompts of 1 more are not used."]


def test_the_recipe_tells_each_clip() -> None:
    task = take(100)
    planned(task)
    first, second = task.provenance["clips"]
    assert first == {"frames": 81, "left_out": 0, "shown": 81, "seed": 7, "prompt": "rain"}
    assert (second["frames"], second["left_out"], second["shown"]) == (25, 5, 19)
