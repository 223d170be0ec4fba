"""What the simulated farm is made of: workflows with every kind of need, and boxes that fit some of them."""

from dataclasses import dataclass
from random import Random
from typing import Any

from cinefarm.messages import DeviceFacts
from workflows.catalog import Catalog
from workflows.schema import Workflow

PROJECTS = ("ALPHA", "BETA")
ARTISTS = ("mina", "jun", "ada")
POOLS = (None, None, None, "night")
RESERVED_GB = 1.2  # of a GPU, for its driver


def _workflow(name: str, scope: str = "file", **needs: Any) -> Workflow:
    label = {"en": name, "ko": name}
    return Workflow.model_validate(
        {
            "name": name,
            "version": 1,
            "title": label,
            "description": label,
            "engines": [{"name": "storyboard", "exists": True}],
            "scope": scope,
            "parameters": {"note": {"type": "text", "label": label}},
            "needs": needs,
            "outputs": [{"kind": "data"}],
        }
    )


def _bundle(name: str, size_gb: float) -> dict[str, Any]:
    return {"name": name, "repository": f"sim/{name}", "size_gb": size_gb, "licence": "MIT"}


CATALOG = Catalog(
    [
        _workflow("sim/cut", ram_gb=4, shareable=True),
        _workflow("sim/pack", ram_gb=20),
        _workflow("sim/licensed", ram_gb=2, shareable=True, limits={"licence": 1}),
        _workflow("sim/api", ram_gb=0.5, shareable=True, limits={"api": 1, "money": 2}),
        _workflow(
            "sim/draw",
            bundles=[_bundle("flux", 8), _bundle("flux_small", 4)],
            variants=[
                {"name": "bf16", "vram_gb": 20, "ram_gb": 8, "bundles": ["flux"]},
                {"name": "fp8", "vram_gb": 10, "ram_gb": 8, "bundles": ["flux"]},
                {"name": "offload", "vram_gb": 6, "ram_gb": 24, "bundles": ["flux_small"]},
            ],
        ),
        _workflow("sim/upscale", vram_gb=7, ram_gb=6, shareable=True, bundles=[_bundle("esrgan", 1)]),
        _workflow("sim/film", vram_gb=30, ram_gb=16, bundles=[_bundle("wan", 24)]),
    ]
)
SHARES_OF_WORK = {
    "sim/cut": 5,
    "sim/pack": 2,
    "sim/licensed": 3,
    "sim/api": 3,
    "sim/draw": 5,
    "sim/upscale": 5,
    "sim/film": 2,
}
LIMITS: dict[str, dict[str, Any]] = {
    "licence": {"capacity": 2},
    "api": {"burst": 4, "refill_per_s": 0.5},
    "money": {"capacity": 6, "burst": 60, "refill_per_s": 2.0},
}


def vram_of(workflow: str, variant: str | None) -> float:
    """GB that the workflow really takes on a device: a little less than its file says."""
    needs = CATALOG[workflow].needs
    told = next((v.vram_gb for v in needs.variants if v.name == variant), needs.vram_gb)
    return 0.8 * told


def ram_of(workflow: str, variant: str | None) -> float:
    needs = CATALOG[workflow].needs
    return next((v.ram_gb for v in needs.variants if v.name == variant), needs.ram_gb)


@dataclass(frozen=True)
class Box:
    """A machine with an agent."""

    name: str
    devices: tuple[DeviceFacts, ...]
    ram_gb: float
    pool: str | None


def boxes(rng: Random) -> list[Box]:
    """One large machine that fits everything, and three to six of any kind."""
    made = [Box("large", (_gpu("large", 0, 48, 2), _cpu("large", 2)), 64, None)]
    for number in range(rng.randint(3, 6)):
        name = f"box{number}"
        pool = rng.choice(POOLS)
        kind = rng.choice(("cpu", "small", "twin", "medium"))
        if kind == "cpu":
            made.append(Box(name, (_cpu(name, rng.randint(1, 3)),), rng.choice((8, 32)), pool))
        elif kind == "small":
            made.append(Box(name, (_gpu(name, 0, 12, 1),), 32, pool))
        elif kind == "twin":
            made.append(Box(name, (_gpu(name, 0, 24, 2), _gpu(name, 1, 12, 1)), 32, pool))
        else:
            made.append(Box(name, (_gpu(name, 0, 24, rng.randint(1, 3)), _cpu(name, 1)), 48, pool))
    return made


def _cpu(name: str, slots: int) -> DeviceFacts:
    return DeviceFacts(id=f"cpu-{name}", kind="cpu", name="CPU", memory_total_gb=64, slots=slots)


def _gpu(name: str, index: int, gb: float, slots: int) -> DeviceFacts:
    return DeviceFacts(
        id=f"GPU-{name}-{index}", kind="cuda", index=index, name=f"RTX {gb}", memory_total_gb=gb, slots=slots
    )
