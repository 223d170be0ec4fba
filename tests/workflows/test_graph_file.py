"""A graph is read from what an artist has: an export in API format, or a PNG that ComfyUI saved."""

import json

import pytest

from tests.workflows.own_graphs import PICTURE, exported, picture, png
from workflows.graph_check import graph_problems
from workflows.graph_file import GraphRefused, read_graph


def refusal(content: bytes) -> str:
    with pytest.raises(GraphRefused) as caught:
        read_graph(content)
    return "; ".join(problem.message for problem in caught.value.problems)


def told(graph: dict[str, object]) -> list[tuple[str, str]]:
    return [(problem.place, str(problem.message)) for problem in graph_problems(graph)]


def test_an_export_is_read_with_its_titles() -> None:
    graph = read_graph(exported(PICTURE))
    assert graph == PICTURE
    assert graph_problems(graph) == []


def test_the_body_of_a_prompt_is_read_too() -> None:
    assert read_graph(json.dumps({"prompt": PICTURE, "client_id": "x"}).encode()) == PICTURE


@pytest.mark.parametrize("kind", [b"tEXt", b"iTXt", b"zTXt"])
def test_a_png_brings_its_graph(kind: bytes) -> None:
    """ComfyUI writes NaN beside the inputs of loaders (`is_changed`), which is no JSON; it is dropped."""
    graph = {**PICTURE, "6": {**PICTURE["6"], "is_changed": [float("nan")]}}
    assert read_graph(png({"workflow": "{}", "prompt": json.dumps(graph)}, kind)) == PICTURE


def test_a_png_without_a_graph_is_told_where_to_get_one() -> None:
    assert "holds no graph" in refusal(png({"parameters": "steps 20"}))
    assert "only the format of ComfyUI's editor" in refusal(png({"workflow": '{"nodes": []}'}))
    assert "neither JSON nor a PNG" in refusal(png({"prompt": "{"}))


def test_a_packed_text_is_not_unpacked_beyond_the_limit() -> None:
    assert "the most is 1024" in refusal(png({"prompt": " " * 30_000_000}, b"zTXt"))


def test_the_editors_format_is_told_how_to_export() -> None:
    said = refusal(b'{"nodes": [{"id": 1}], "links": []}')
    assert "Export (API)" in said
    assert "1 nodes" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "neither JSON"),
        (b"PK\x03\x04", "neither JSON"),
        (b"[" * 100_000, "neither JSON"),
        (b"[1]", "no graph"),
        (b"{}", "no graph"),
        (b'{"1": 5}', "says no class_type"),
        (b'{"1": {"class_type": "KSampler", "inputs": []}}', "inputs that are no object"),
        (b'{"../x": {"class_type": "KSampler", "inputs": {}}}', "is no node id"),
        (b'{"1": {"class_type": "A", "inputs": {"a": ' + b"[" * 20 + b"]" * 20 + b"}}}", "levels deep"),
        (b" " * (1024 * 1024 + 1), "the most is 1024"),
        (json.dumps({str(n): {"class_type": "A"} for n in range(501)}).encode(), "501 nodes; the most is 500"),
    ],
)
def test_what_is_no_graph_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_every_problem_is_told_with_its_node_and_remedy() -> None:
    graph = picture(n4_ckpt_name="../../etc/x.safetensors", n3_model=["44", 0], n5_width={"a": 1})
    graph["10"] = {"class_type": "RunPython", "inputs": {"code": "1"}}
    del graph["9"]
    places = [place for place, _ in told(graph)]
    assert places == ["graph.3.model", "graph.4.ckpt_name", "graph.5.width", "graph.10", "graph"]
    fed, leaves, neither, forbidden, unsaved = (said for _, said in told(graph))
    assert "Node 3 (KSampler), model: is fed by node 44" in fed
    assert "“../../etc/x.safetensors” leads out of ComfyUI's own folders" in leaves
    assert "neither a value nor a link" in neither
    assert "the class RunPython is not allowed" in forbidden
    assert "one of PreviewImage, SaveImage, SaveVideo, SaveWEBM" in unsaved


@pytest.mark.parametrize(
    "name", ["/models/a.safetensors", "C:\\a.safetensors", "~/a.ckpt", "a/../../b.ckpt", "..\\b.pt"]
)
def test_a_file_is_named_within_its_folder(name: str) -> None:
    assert [place for place, _ in told(picture(n4_ckpt_name=name))] == ["graph.4.ckpt_name"]


def test_a_folder_of_the_servers_own_is_no_way_out() -> None:
    assert told(picture(n4_ckpt_name="SDXL\\base.v1..final.safetensors")) == []
    assert told(picture(n6_text="../ is a path; /so is this")) == []


def test_a_files_name_comes_from_no_other_node() -> None:
    """Such a name would be checked by nobody."""
    graph = picture(n4_ckpt_name=["10", 0])
    graph["10"] = {"class_type": "PrimitiveString", "inputs": {"value": "../../secret"}}
    assert [place for place, _ in told(graph)] == ["graph.4.ckpt_name"]


def test_a_circle_is_told() -> None:
    ((place, said),) = told(picture(n5_width=["8", 0]))
    assert place.startswith("graph.")
    assert "wait for each other in a circle" in said
