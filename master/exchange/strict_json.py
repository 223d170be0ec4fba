"""JSON from outside: every doubled key, over-deep nesting and odd number refused, with its path."""

import json
import unicodedata
from typing import Any

from cinefarm.sentences import say
from master.errors import BadInput, Problem
from master.exchange.limits import LIMITS, ImportLimits

_FORBIDDEN_KEYS = {"__proto__", "constructor", "prototype"}  # harmless here, but they would travel on to browsers


def read_json(content: bytes, limits: ImportLimits = LIMITS) -> Any:
    """The parsed document. Raises `BadInput` with the paths of everything wrong."""
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        document = json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BadInput("The JSON file is not UTF-8; save it as UTF-8, then upload it again.") from error
    except _Doubled as error:
        raise BadInput(
            "The JSON file names the key “{error}” twice in one object; keep one.", error=error, field=str(error)
        ) from error
    except RecursionError as error:
        raise BadInput(
            "The JSON file is nested more than {json_depth} levels deep.",
            json_depth=limits.json_depth,
            limit=limits.json_depth,
        ) from error
    except ValueError as error:
        raise BadInput("The file is not JSON: {error}.", error=str(error)[:200]) from error
    problems = _walk(document, limits)
    if problems:
        raise BadInput(problems[0].told, problems=problems[: limits.problems])
    return document


class _Doubled(ValueError):
    pass


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [unicodedata.normalize("NFC", name) for name, _ in pairs]
        raise _Doubled(next(name for name in names if names.count(name) > 1)[:80])
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(say("{name} is not a number that JSON has", name=name))


def _walk(document: Any, limits: ImportLimits) -> list[Problem]:
    problems: list[Problem] = []
    stack: list[tuple[str, Any, int]] = [("", document, 1)]
    while stack and len(problems) < limits.problems:
        path, value, depth = stack.pop()
        if depth > limits.json_depth:
            problems.append(
                Problem(
                    place=path[:200],
                    message=say("nested more than {json_depth} levels deep.", json_depth=limits.json_depth),
                )
            )
            continue
        if isinstance(value, dict):
            for name in value.keys() & _FORBIDDEN_KEYS:
                problems.append(
                    Problem(
                        place=_join(path, name), value=name, message=say("the key “{name}” is not allowed.", name=name)
                    )
                )
            stack.extend((_join(path, name), child, depth + 1) for name, child in value.items())
        elif isinstance(value, list):
            stack.extend((f"{path}[{index}]", child, depth + 1) for index, child in enumerate(value))
        elif isinstance(value, str) and not _is_text(value):
            problems.append(Problem(place=path, message=say("holds half of a surrogate pair, which is no text.")))
    return problems


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name[:80]
