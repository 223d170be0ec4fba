"""Names in the environment and in `.env` that look like ours but are not: a typo must not be ignored silently."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

PREFIX = "CINEFARM_"
CLIENT = frozenset({"CINEFARM_URL", "CINEFARM_TOKEN"})


def unknown_names(known: Iterable[str], environment: Mapping[str, str], dotenv: Path) -> list[str]:
    """A sentence for each name with our prefix that no setting has, with the nearest one that is valid."""
    valid = sorted({*known, *CLIENT})
    found = [("the environment", name) for name in sorted(environment)]
    found += [(f"{dotenv}, line {number}", name) for number, name in _dotenv_names(dotenv)]
    return [_sentence(place, name, valid) for place, name in found if name.startswith(PREFIX) and name not in valid]


def _dotenv_names(dotenv: Path) -> list[tuple[int, str]]:
    try:
        lines = dotenv.read_text("utf-8").splitlines()
    except OSError:
        return []
    return [
        (number, line.removeprefix("export ").split("=", 1)[0].strip())
        for number, line in enumerate(lines, start=1)
        if "=" in line and not line.lstrip().startswith("#")
    ]


def _sentence(place: str, name: str, valid: list[str]) -> str:
    near = get_close_matches(name, valid, n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else "."
    return f"{place}: there is no setting {name}{meant}"
