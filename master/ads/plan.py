"""The stages of an ad: which workflow makes each, with what, and of whose files. Nothing here is written or asked.

[matte] → cut_out ─┬→ backdrop → composite → [fill] → layout → lettering → finish      one row of these a branch,
                   └→ …                                                               a size and variant
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from master.ads.form import Branch
from master.ads.requests import V1
from workflows.schema import Workflow

FILL, TEXT_MODEL = "text_to_image/flux_fill", "text_to_image/sdxl_controlnet_text"
LAYOUT_MODEL, MATTE = "ads/layout_seen", "ads/matte"
SHARED = ""  # the branch of what all others use
STEP_OF = {
    **dict.fromkeys(("matte", "cut_out", "backdrop", "composite", "fill"), 1),
    **dict.fromkeys(("layout", "lettering"), 2),
    "finish": 3,
}
USUAL_S = {  # on two cores, until it was measured
    "ads/cut_out": 0.8,
    "ads/backdrop": 0.5,
    "ads/composite": 0.4,
    "ads/layout": 0.2,
    "ads/lettering": 0.5,
    "ads/lettering_3d": 1.5,
    "ads/finish": 0.2,
    FILL: 30.0,
    TEXT_MODEL: 20.0,
    LAYOUT_MODEL: 10.0,
    MATTE: 3.0,
}
FILL_STRENGTH = 0.6  # keeps where the light and the shadow of the composite fall
_TEXT_SIDES = (512, 1536, 64)  # least, most, multiple of: what the text model draws


class File(NamedTuple):
    """What a stage makes: its main output, or the one of that name."""

    stage: str
    output: str = "main"

    @property
    def stored(self) -> str:
        return f"{self.stage}/{self.output}"


Source = File | str  # of a stage, or the id of a media


@dataclass(frozen=True)
class Stage:
    branch: str
    key: str
    workflow: str
    parameters: dict[str, Any]
    sources: dict[str, Source] = field(default_factory=dict)

    @property
    def step(self) -> int:
        return STEP_OF[self.key]

    @property
    def stored_sources(self) -> dict[str, str]:
        return {name: source.stored if isinstance(source, File) else source for name, source in self.sources.items()}


@dataclass(frozen=True)
class Wanted:
    """All that decides what the stages are."""

    workflow: str
    parameters: dict[str, Any]
    branches: list[Branch]
    prompts: Mapping[str, str] = field(default_factory=dict)  # background, lettering
    chosen: frozenset[str] = frozenset()  # of MATTE, FILL, TEXT_MODEL and LAYOUT_MODEL
    mask_id: str | None = None  # of the product on step1_image

    @property
    def begins(self) -> int:
        return int(self.parameters.get("start_step") or 1)

    @property
    def ends(self) -> int:
        return int(self.parameters.get("end_step") or 3)


def stages_of(wanted: Wanted, catalog: Mapping[str, Workflow]) -> list[Stage]:
    """In the order in which they can run."""
    planner = _Planner(wanted, catalog)
    shared = planner.product() if wanted.begins == 1 else []
    return shared + [stage for branch in wanted.branches for stage in planner.branch(branch)]


class _Planner:
    def __init__(self, wanted: Wanted, catalog: Mapping[str, Workflow]) -> None:
        self.wanted, self.form, self.catalog = wanted, wanted.parameters, catalog

    def product(self) -> list[Stage]:
        """The product without its background."""
        photo: dict[str, Source] = {"product_image": self.form["product_image"]}
        sources, stages = dict(photo), []
        if MATTE in self.wanted.chosen:
            stages.append(Stage(SHARED, "matte", MATTE, {}, photo))
            sources["matte_image"] = File("matte")
        if hint := self.form.get("hint_image"):
            sources["hint_image"] = hint
        return [*stages, Stage(SHARED, "cut_out", "ads/cut_out", {}, sources)]

    def branch(self, branch: Branch) -> list[Stage]:
        stages = self._background(branch) if self.wanted.begins == 1 else []
        if self.wanted.ends == 1:
            return stages
        picture: Source = File(stages[-1].key) if stages else self.form["step1_image"]
        mask: Source | None = File("composite", "mask.png") if stages else self.wanted.mask_id
        lettering: Source = self.form.get("step2_image") or File("lettering")
        finish: dict[str, Source] = {"picture": picture, "lettering": lettering}
        if self.wanted.begins <= 2:
            stages += self._text(branch, picture, mask)
            finish["layout"] = File("layout", "layout.json")
        if self.wanted.ends == 2:
            return stages
        return [*stages, self._stage(branch, "finish", "ads/finish", finish)]

    def _background(self, branch: Branch) -> list[Stage]:
        cutout = File("cut_out")
        scene = {"cutout": cutout, "backdrop": File("backdrop"), "scene": File("backdrop", "scene.json")}
        stages = [
            self._stage(branch, "backdrop", "ads/backdrop", {"cutout": cutout}),
            self._stage(branch, "composite", "ads/composite", scene),
        ]
        if FILL in self.wanted.chosen:
            made = {"image": File("composite"), "mask": File("composite", "mask.png")}
            words = {"keep_marked": True, "prompt": self.wanted.prompts["background"], "strength": FILL_STRENGTH}
            stages.append(self._stage(branch, "fill", FILL, made, words))
        return stages

    def _text(self, branch: Branch, picture: Source, mask: Source | None) -> list[Stage]:
        seen = {"picture": picture} | ({"mask": mask} if mask else {})
        looks = LAYOUT_MODEL if LAYOUT_MODEL in self.wanted.chosen else "ads/layout"
        layout = self._stage(branch, "layout", looks, seen)
        if TEXT_MODEL in self.wanted.chosen:
            words = {
                "text": self.form["ad_text"],
                "style": self.wanted.prompts["lettering"][:200],
                "width": _side(branch.width),
                "height": _side(branch.height),
            }
            return [layout, self._stage(branch, "lettering", TEXT_MODEL, {}, words)]
        sources = {
            "picture": picture,
            "mask": mask or File("layout", "mask.png"),
            "layout": File("layout", "layout.json"),
        }
        workflow = "ads/lettering_3d" if self.wanted.workflow == V1 else "ads/lettering"
        return [layout, self._stage(branch, "lettering", workflow, sources)]

    def _stage(
        self,
        branch: Branch,
        key: str,
        workflow: str,
        sources: Mapping[str, Source],
        given: Mapping[str, Any] | None = None,
    ) -> Stage:
        """With what the form and the branch say of the workflow's own parameters."""
        known = {**self.form, **branch.stored(), **(given or {})}
        if given:  # a model of its own: what the form calls alike means something else there
            known = {"seed": branch.seed, "guidance_scale": self.form.get("guidance_scale"), **given}
        own = self.catalog[workflow].parameters
        taken = {
            name: known[name]
            for name in own
            if name not in sources and name not in self.catalog[workflow].files and known.get(name) is not None
        }
        return Stage(branch.key, key, workflow, taken, dict(sources))


def _side(pixels: int) -> int:
    least, most, multiple = _TEXT_SIDES
    return max(least, min(most, round(pixels / multiple) * multiple))
