"""Every sentence that master, ad stages and language models tell is a constant template that has its Korean."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cinefarm.sentences import is_wordless, korean, names_in
from master import errors
from master.complaints import COMPLAINTS

ROOT = Path(__file__).parents[2]
FILES = [
    *sorted((ROOT / "master").rglob("*.py")),
    *[ROOT / file for file in ("workflows/schema.py", "cinefarm/timecode.py", "cinefarm/safetensors.py")],
    *[ROOT / "workflows" / file for file in ("graph_file.py", "graph_check.py", "own.py", "own_checks.py")],
    *sorted((ROOT / "cinefarm" / "llm").rglob("*.py")),
    *sorted(path for path in (ROOT / "worker").rglob("*.py") if "engines" not in path.parts),
    ROOT / "worker/engines/analysis/vision.py",
]
STAGES = sorted((ROOT / "worker" / "engines" / "ads").rglob("*.py"))
FILES += STAGES
ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.CinefarmError)}
OWN = {"field", "limit", "problems", "current"}  # of an error itself, not of its sentence
TOLD = {"Problem": "message", "GraphProblem": "message", "Refused": "reason"}
# where what is wrong with an input is told to whoever sent it; elsewhere it ends a start, or a connection
CHECKED = {"api", "assets", "characters", "cinematic", "edits", "exchange", "jobs", "models", "shots", "steering"}
OF_STAGES = {"RenderFailed", "NoBrowser", "NotAllowed", "Unusable"}  # caught, and told in a sentence around them
UNTOLD = {"master/api/sockets.py", "master/cinematic/presets.py"}  # agents hear it; a broken file of ours


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def is_built(node: ast.expr) -> bool:
    """Whether it is a text put together on the spot, which no catalog can know."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in ("str", "join", "format", "plain")
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def faults_of_template(template: str, call: ast.Call | None) -> Iterator[str]:
    if call is not None and all(word.arg for word in call.keywords):
        given = {word.arg or "" for word in call.keywords} - (OWN if call.func.id != "say" else set())  # type: ignore[attr-defined]
        if given != names_in(template):
            yield f"“{template}” names {sorted(names_in(template))}, given are {sorted(given)}"
    if is_wordless(template):
        return
    told = korean()["sentences"].get(template)
    if told is None:
        yield f"“{template}” has no Korean in cinefarm/korean.json"
    elif names_in(told) != names_in(template):
        yield f"“{template}” names {sorted(names_in(template))}, its Korean {sorted(names_in(told))}"


def is_told(path: Path) -> bool:
    place = path.relative_to(ROOT)
    return place.parts[0] == "master" and place.parts[1] in CHECKED and place.as_posix() not in UNTOLD


def faults(source: str, *, checks_input: bool = True) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    for name, call in calls(tree):
        if (name in ERRORS or name == "say") and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield from ((call.lineno, fault) for fault in faults_of_template(first.value, call))
            elif is_built(first) or name == "say":
                yield call.lineno, f"{name} is not given a constant template"
        for word in call.keywords:
            if (
                word.arg
                and word.arg == TOLD.get(name)
                and (is_built(word.value) or isinstance(word.value, ast.Constant))
            ):
                yield call.lineno, f"{word.arg} of {name} is not said: give it say(…)"
        if name == "Word" and isinstance(call.args[0], ast.Constant) and call.args[0].value not in korean()["words"]:
            yield call.lineno, f"the word “{call.args[0].value}” has no Korean in cinefarm/korean.json"
    for node in ast.walk(tree):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name("ValueError"), args=[said, *_])) if checks_input:
                if is_built(said) or isinstance(said, ast.Constant):
                    yield node.lineno, "what is wrong with an input is not said: give ValueError say(…)"


def faults_of_stage(source: str) -> Iterator[tuple[int, str]]:
    """What a stage of an ad refuses, warns of and is doing; the types see to `Task.warn` and `unusable`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name("EngineError"), args=[first, *_]):
                if not isinstance(first, ast.Call) or getattr(first.func, "id", "") != "say":
                    yield node.lineno, "EngineError is not given say(…)"
            case ast.Call(func=ast.Name(name), args=[first, *_]) if name in OF_STAGES:
                if is_built(first) or isinstance(first, ast.Constant):
                    yield node.lineno, f"{name} is not given say(…)"
            case ast.Call(func=ast.Attribute(attr="progress"), args=[_, doing]):
                if is_built(doing) or isinstance(doing, ast.Constant):
                    yield node.lineno, "progress is not given say(…)"
            case ast.Call(func=ast.Attribute(attr="log"), args=[text, ast.Constant("warning")]):
                if is_built(text) or isinstance(text, ast.Constant):
                    yield node.lineno, "a warning is not said: give warn say(…)"


def test_every_sentence_is_a_template_with_a_korean_one() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in FILES
        for line, fault in faults(path.read_text(encoding="utf-8"), checks_input=is_told(path))
    ]
    found += [
        f"master/complaints.py: {fault}" for text in COMPLAINTS.values() for fault in faults_of_template(text, None)
    ]
    found += [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in STAGES
        for line, fault in faults_of_stage(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_the_catalog_holds_nothing_that_nobody_says() -> None:
    said = set(COMPLAINTS.values())
    for path in FILES:
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if (name in ERRORS or name == "say") and call.args and isinstance(call.args[0], ast.Constant):
                said.add(call.args[0].value)
    assert set(korean()["sentences"]) - said == set()


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('raise Conflict(f"Shot {code} is gone.")', "not given a constant template"),
        ('raise NotFound("There is no " + noun)', "not given a constant template"),
        ('raise NotFound("Nobody ever translated this.")', "no Korean"),
        ('raise NotFound("There is no project “{code}”.")', "given are []"),
        ('raise NotFound("There is no project “{code}”.", name=1)', "given are ['name']"),
        ('Problem(place="code", message="is taken")', "not said"),
        ('Problem(place="code", message=str(error))', "not said"),
        ('raise ValueError(f"{text} is no number")', "not said"),
        ('Word("gizmo")', "has no Korean"),
    ],
)
def test_a_sentence_that_could_not_be_translated_is_found(source: str, fault: str) -> None:
    assert any(fault in found for _, found in faults(source))


@pytest.mark.parametrize(
    "source",
    [
        'raise EngineError(f"{name} is empty.", kind=FailureKind.BAD_INPUT)',
        "raise EngineError(message)",
        'raise RenderFailed(f"{width} cannot be drawn.")',
        'raise NotAllowed("comments are not allowed")',
        'task.progress(0.1, "reading")',
        'task.log(f"“{name}” is no style.", "warning")',
    ],
)
def test_what_a_stage_tells_in_english_alone_is_found(source: str) -> None:
    assert list(faults_of_stage(source))


def test_a_korean_template_that_names_other_values_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        korean()["sentences"], "There is no project “{code}”.", "프로젝트 “{name}”: 없는 프로젝트입니다."
    )
    assert any("its Korean" in fault for _, fault in faults('raise NotFound("There is no project “{code}”.", code=1)'))
