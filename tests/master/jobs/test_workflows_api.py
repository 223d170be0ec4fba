"""The catalog over HTTP: what the farm can run now, and what it lacks."""

from served import FakeWorker, Served


def _lacks(farm: Served) -> dict[str, dict[str, str] | None]:
    return {row["name"]: row["lacks"] for row in farm.ask("GET", "/api/workflows")["rows"]}


def test_what_no_device_can_run_says_what_is_missing(farm: Served) -> None:
    """Before a box joins everything lacks one; a box that draws storyboards still cannot run the large models."""
    before = _lacks(farm)
    assert all(before.values())
    worker = FakeWorker(farm, "one-box")
    worker.join()
    after = _lacks(farm)
    shown = farm.ask("GET", "/api/workflows/image_to_video/wan_i2v")
    worker.close()
    assert after["text_to_image/storyboard"] is None
    large = after["image_to_video/wan_i2v"]
    assert large is not None
    assert large["en"]
    assert large["ko"]
    assert shown["lacks"] == large
