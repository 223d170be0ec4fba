"""Every workflow file that ships, and what a broken one is told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from workflows.catalog import FOLDER, WorkflowFileError, load_bundles, load_catalog, read_workflow
from workflows.needs import Bundle
from workflows.schema import (
    ChoiceParameter,
    EngineEntry,
    FormHint,
    IntegerParameter,
    Label,
    NumberParameter,
    Workflow,
    check_parameters,
)
from workflows.write_schema import SCHEMAS, schema_text

CATALOG = load_catalog()
HANGUL = re.compile(r"[가-힣]")
workflows = pytest.mark.parametrize("workflow", CATALOG.values(), ids=lambda workflow: workflow.name)

# Product §2: least and recommended VRAM in GB. FLUX: 12 (4-bit), 16 (8-bit with offload), 24, 40 resident.
VRAM_GB = {
    "text_to_image/flux_basic": (12, 24),
    "text_to_image/flux_lora_mix": (12, 24),
    "text_to_image/sdxl_controlnet_text": (8, 12),
    "text_to_image/flux_upscale": (6, 8),
    "image_to_video/wan_i2v": (16, 24),
    "image_to_video/wan_animate": (16, 24),
    "image_to_video/ltx2": (24, 48),
    "image_to_video/svi": (18, 32),
    "image_to_video/telestyle": (24, 48),
    "image_to_video/fflf": (16, 24),
    "image_to_video/i2v_kling": (0, 0),
    "image_to_video/i2v_runway": (0, 0),
    "text_to_image/storyboard": (0, 0),
}
OTHERS = {"ads/v1_3d_text", "ads/v2_html_text", "analysis/caption", "analysis/embed"}  # no row of their own


def labels(workflow: Workflow) -> list[tuple[str, Label]]:
    """Every text of a workflow that a person reads, with where it stands."""
    found = [("title", workflow.title), ("description", workflow.description)]
    for name, parameter in workflow.parameters.items():
        found.append((name, parameter.label))
        if parameter.help:
            found.append((f"{name}.help", parameter.help))
        if isinstance(parameter, ChoiceParameter):
            found += [(f"{name}.{option}", label) for option, label in parameter.options.items()]
    return found


def test_every_workflow_of_the_product_ships() -> None:
    assert VRAM_GB.keys() | OTHERS <= CATALOG.keys()


@workflows
def test_a_file_is_named_after_its_place(workflow: Workflow) -> None:
    assert (FOLDER / f"{workflow.name}.json").is_file()


@workflows
def test_a_workflow_has_an_engine_and_an_output(workflow: Workflow) -> None:
    engines = [engine.name for engine in workflow.engines]
    assert engines
    assert len(set(engines)) == len(engines)
    assert workflow.outputs


@workflows
def test_defaults_pass_the_check(workflow: Workflow) -> None:
    _, problems = check_parameters(workflow, {})
    required = {name for name, parameter in workflow.parameters.items() if parameter.required}
    assert {problem.parameter for problem in problems} == required
    every = {name: getattr(parameter, "default", None) for name, parameter in workflow.parameters.items()}
    defaults = {name: default for name, default in every.items() if default not in (None, "")}
    given, problems = check_parameters(workflow, defaults)
    assert {problem.parameter for problem in problems} == required - defaults.keys()
    assert {name: given[name] for name in defaults} == defaults


@workflows
def test_a_numbers_control_can_reach_its_limits(workflow: Workflow) -> None:
    for name, parameter in workflow.parameters.items():
        if isinstance(parameter, IntegerParameter | NumberParameter):
            assert 0 < parameter.step <= parameter.max - parameter.min, name
        if isinstance(parameter, IntegerParameter) and parameter.multiple_of:
            assert parameter.min % parameter.multiple_of == 0, name
            assert parameter.max % parameter.multiple_of == 0, name
            assert parameter.step % parameter.multiple_of == 0, name


@workflows
def test_forms_fit_their_parameters(workflow: Workflow) -> None:
    allowed = {
        "text": {FormHint.LINE, FormHint.TEXT_AREA},
        "integer": {FormHint.SPIN, FormHint.SLIDER},
        "number": {FormHint.SPIN, FormHint.SLIDER},
        "boolean": {FormHint.CHECKBOX},
        "choice": {FormHint.SELECT},
        "seed": {FormHint.SEED},
        "shot": {FormHint.HIDDEN},
        "clips": {FormHint.HIDDEN},
        "loras": {FormHint.HIDDEN},
        "file": {FormHint.FILE},
    }
    for name, parameter in workflow.parameters.items():
        assert parameter.form in allowed[parameter.type], name


@workflows
def test_texts_are_english_and_korean(workflow: Workflow) -> None:
    for place, label in labels(workflow):
        assert not HANGUL.search(label.en), place
        assert label.en.strip() == label.en, place
        assert label.ko.strip() == label.ko, place
        assert HANGUL.search(label.ko), place
        assert label.en != label.ko, place


@workflows
def test_labels_tell_parameters_and_options_apart(workflow: Workflow) -> None:
    groups = [[parameter.label for parameter in workflow.parameters.values()]]
    groups += [[*p.options.values()] for p in workflow.parameters.values() if isinstance(p, ChoiceParameter)]
    for group in groups:
        assert len({label.en for label in group}) == len(group), group
        assert len({label.ko for label in group}) == len(group), group


def test_titles_tell_workflows_apart() -> None:
    for language in ("en", "ko"):
        titles = [getattr(workflow.title, language) for workflow in CATALOG.values()]
        assert len(set(titles)) == len(titles)


@workflows
def test_variants_go_from_best_to_leanest(workflow: Workflow) -> None:
    needs = workflow.needs
    vram = [variant.vram_gb for variant in needs.variants]
    assert vram == sorted(vram, reverse=True)
    assert len({variant.name for variant in needs.variants}) == len(needs.variants)
    assert all(variant.note for variant in needs.variants)
    if vram:
        assert vram[-1] == needs.vram_gb, "the leanest variant is the least need"
        assert min(variant.ram_gb for variant in needs.variants) == needs.ram_gb
        assert any(amount <= needs.recommended_vram_gb for amount in vram)
    assert needs.vram_gb <= needs.recommended_vram_gb


@pytest.mark.parametrize("name", VRAM_GB)
def test_vram_needs_are_those_of_the_product(name: str) -> None:
    needs = CATALOG[name].needs
    assert (needs.vram_gb, needs.recommended_vram_gb) == VRAM_GB[name]


def test_host_ram_needs_are_those_of_the_product() -> None:
    assert CATALOG["text_to_image/flux_basic"].needs.ram_gb == 40
    assert CATALOG["image_to_video/ltx2"].needs.ram_gb == 64


def test_flux_variants_are_those_of_the_product() -> None:
    for name in ("text_to_image/flux_basic", "text_to_image/flux_lora_mix"):
        assert [variant.vram_gb for variant in CATALOG[name].needs.variants] == [40, 24, 16, 12]


@workflows
def test_vram_comes_with_weights_and_money_with_a_limit(workflow: Workflow) -> None:
    if workflow.needs.vram_gb > 0 and any(engine.name in ("diffusers", "comfyui") for engine in workflow.engines):
        assert workflow.needs.bundles
    if any(engine.name == "remote" for engine in workflow.engines):
        assert workflow.needs.limits
        assert not workflow.needs.bundles


def test_every_bundle_is_some_workflows() -> None:
    named = {bundle.name for workflow in CATALOG.values() for bundle in workflow.needs.bundles}
    assert named == load_bundles(FOLDER).keys()


def test_hashes_are_of_files_that_are_loaded() -> None:
    """A hash of another file would never be compared. Hashes of equal parts are equal."""
    for bundle in load_bundles(FOLDER).values():
        marked = f".{bundle.precision}." if bundle.precision else ""
        assert all(path.endswith((".safetensors", ".gguf")) and marked in path for path in bundle.files), bundle.name
        assert not bundle.file or not bundle.files or list(bundle.files) == [bundle.file]
    dev, schnell = (load_bundles(FOLDER)[name].files for name in ("flux1_dev", "flux1_schnell"))
    assert {path for path in dev if dev[path] == schnell[path]} == {path for path in dev if "transformer" not in path}


def test_the_storyboard_needs_nothing() -> None:
    storyboard = CATALOG["text_to_image/storyboard"]
    assert storyboard.runs
    assert storyboard.engines == (EngineEntry(name="storyboard", exists=True),)
    assert storyboard.needs.bundles == ()


@pytest.mark.parametrize("name", ["ads/v2_html_text", "analysis/caption", "analysis/embed"])
def test_what_works_without_weights_says_so(name: str) -> None:
    leanest = CATALOG[name].needs.variants[-1]
    assert (leanest.name, leanest.vram_gb, leanest.bundles) == ("classical", 0, ())


@pytest.mark.parametrize(("name", "model"), SCHEMAS.items())
def test_the_schemas_are_up_to_date(name: str, model: type[Workflow] | type[Bundle]) -> None:
    assert (FOLDER / name).read_text("utf-8") == schema_text(model), "run `python -m workflows.write_schema`"


@workflows
def test_files_point_editors_at_the_schema(workflow: Workflow) -> None:
    path = FOLDER / f"{workflow.name}.json"
    assert (path.parent / json.loads(path.read_text("utf-8"))["$schema"]).resolve() == FOLDER / "schema.json"


# A file that is not a workflow


def written(folder: Path, text: str | dict[str, Any], *, name: str = "text_to_image/mine") -> Path:
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return path


def storyboard_file(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "text_to_image/storyboard.json").read_text("utf-8"))
    return found | {"name": "text_to_image/mine"} | changes


def test_adding_a_workflow_is_adding_a_file(tmp_path: Path) -> None:
    written(tmp_path, storyboard_file())
    assert list(load_catalog(tmp_path)) == ["text_to_image/mine"]


def integer(**changes: Any) -> dict[str, Any]:
    parameter = {"type": "integer", "label": {"en": "Count", "ko": "개수"}, "min": 2, "max": 8, "multiple_of": 2}
    return {"count": parameter | changes}


BUNDLED = {"variants": [{"name": "lean", "vram_gb": 1, "bundles": ["flux"]}]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{not json", r"text_to_image/mine\.json is not JSON: .*line 1 column 2"),
        (storyboard_file(colour=1), r"text_to_image/mine\.json: colour: Extra inputs are not permitted"),
        (storyboard_file(name="text_to_image/yours"), r"calls itself “text_to_image/yours”; .*“text_to_image/mine”"),
        (storyboard_file(engines=[]), r"engines: .*at least 1 item"),
        (storyboard_file(scope="planet"), r"scope: Input should be 'shot'"),
        (storyboard_file(title={"en": "Mine"}), r"title\.ko: Field required"),
        (storyboard_file(parameters={"Seed No": integer()["count"]}), r"parameter “Seed No” must be lower case"),
        (
            storyboard_file(parameters=integer(default=9)),
            r"parameters\.count\.integer: .*default 9 must be from 2 to 8",
        ),
        (storyboard_file(parameters=integer(default=3)), r"default 3 must be a multiple of 2"),
        (storyboard_file(parameters=integer(min=9)), r"min 9 is above max 8"),
        (storyboard_file(parameters=integer(type="colour")), r"parameters\.count: .*'colour'"),
        (storyboard_file(needs={"bundles": ["flux9"]}), r"needs\.bundles: .*there is no bundle “flux9”; .*flux1_dev"),
        (storyboard_file(needs=BUNDLED), r"needs: .*variant “lean” names unknown bundle “flux”"),
        (
            storyboard_file(bindings=[{"parameter": "mood", "node": "3", "input": "seed"}]),
            r"binding to unknown parameter “mood”",
        ),
        (
            storyboard_file(bindings=[{"parameter": "seed", "node": "3", "input": "seed"}]),
            r"binding to unknown graph input 3\.seed",
        ),
        (
            storyboard_file(patches=[{"parameter": "seed", "equals": "seven"}]),
            r"patch for “seven”, which “seed” cannot be",
        ),
        (
            storyboard_file(engines=[{"name": "comfyui", "exists": True, "variants": ["lean"]}]),
            r"engine comfyui with unknown variants lean",
        ),
    ],
)
def test_a_broken_file_is_told_where_and_why(tmp_path: Path, text: str | dict[str, Any], message: str) -> None:
    with pytest.raises(WorkflowFileError, match=message):
        read_workflow(written(tmp_path, text))


def test_one_broken_file_stops_the_catalog(tmp_path: Path) -> None:
    written(tmp_path, storyboard_file())
    written(tmp_path, "[]", name="text_to_image/yours")
    with pytest.raises(WorkflowFileError, match=r"text_to_image/yours\.json"):
        load_catalog(tmp_path)


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path) -> None:
    written(tmp_path, "").write_bytes("{“}".encode("cp1252"))
    with pytest.raises(WorkflowFileError, match=r"text_to_image/mine\.json is not JSON"):
        load_catalog(tmp_path)
