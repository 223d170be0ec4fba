"""What a workflow needs of a box: memory, weights, named limits; and how weights are named."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from workflows.graph import Part

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Layout(StrEnum):
    """How a bundle lies in its folder."""

    PIPELINE = "pipeline"  # model_index.json and a folder for each part, as diffusers writes it
    MODEL = "model"  # config.json and its weights
    FILE = "file"  # one weights file
    LORA = "lora"  # weights files laid over another bundle


class Precision(StrEnum):
    """What weights are brought to."""

    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8"  # the denoiser's weights are kept in 8-bit floats and widened layer by layer
    NF4 = "nf4"  # 4-bit, by bitsandbytes
    GGUF = "gguf"  # as a GGUF file holds them


class Bundle(Part):
    """A set of weights that must be on the worker, named in `workflows/bundles/<name>.json`."""

    schema_url: str | None = Field(None, alias="$schema", exclude=True)
    name: str = Field(pattern=r"^[a-z0-9_]+$")  # equals the file's name
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    revision: str = "main"
    layout: Layout = Layout.PIPELINE
    file: str | None = None  # of layout `file`: its path in the repository
    only: tuple[str, ...] = ()  # of layout `lora`: which of the repository's files, as patterns; all if empty
    precision: Precision | None = None  # where there are files of several: those marked so, `model.fp16.safetensors`
    size_gb: float = Field(gt=0)
    licence: str
    # path → SHA-256 of what is loaded, where it is known beforehand; else a pull keeps what the repository stated
    files: dict[str, Sha256] = Field(default_factory=dict)

    @model_validator(mode="after")
    def a_file_is_named(self) -> "Bundle":
        if (self.layout is Layout.FILE) != (self.file is not None):
            raise ValueError("“file” names the weights file of the layout “file”, and of no other")
        if self.only and self.layout is not Layout.LORA:
            raise ValueError("“only” chooses among the files of the layout “lora”, and of no other")
        return self


class Offload(StrEnum):
    """What stands in VRAM at a time, from fast to lean."""

    NONE = "none"  # the whole bundle
    MODEL = "model"  # the part that computes
    GROUP = "group"  # a block of the part that computes


class Variant(Part):
    """One way to run the workflow; the first that fits a device is taken."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    vram_gb: float = Field(ge=0)  # 0: it runs on a CPU
    ram_gb: float = Field(0, ge=0)
    bundles: tuple[str, ...] | None = None  # names of the bundles it needs; null means all, [] none
    precision: Precision = Precision.BF16
    offload: Offload = Offload.NONE
    note: str = ""


def _named_bundles(value: Any, info: ValidationInfo) -> Any:
    """A file names its bundles; the catalog says what the names mean."""
    known: dict[str, Bundle] = (info.context or {}).get("bundles", {})
    if not isinstance(value, list | tuple):
        return value
    for name in value:
        if isinstance(name, str) and name not in known:
            raise ValueError(f"there is no bundle “{name}”; there are {', '.join(sorted(known)) or 'none'}")
    return [known[name] if isinstance(name, str) else name for name in value]


class Needs(Part):
    """Amounts per job, in GB (10⁹ bytes). Measured peaks replace them later."""

    vram_gb: float = Field(0, ge=0)
    recommended_vram_gb: float = Field(0, ge=0)
    ram_gb: float = Field(0, ge=0)
    bundles: Annotated[tuple[Bundle, ...], BeforeValidator(_named_bundles, json_schema_input_type=list[str])] = ()
    variants: tuple[Variant, ...] = ()
    limits: dict[str, int] = Field(default_factory=dict)  # named amounts, e.g. {"kling_api": 1}
    shareable: bool = False  # may run beside another such job on one device
    timeout_s: int = Field(3600, ge=1)

    @model_validator(mode="after")
    def variants_name_known_bundles(self) -> "Needs":
        known = {bundle.name for bundle in self.bundles}
        for variant in self.variants:
            for name in variant.bundles or ():
                if name not in known:
                    raise ValueError(
                        f"variant “{variant.name}” names unknown bundle “{name}”; there are {sorted(known)}"
                    )
        return self

    def bundles_of(self, variant: str | None) -> tuple[Bundle, ...]:
        """Those that this way to run it needs; all where it has no variants."""
        found = next((one for one in self.variants if one.name == variant), None)
        if found is None or found.bundles is None:
            return self.bundles
        return tuple(bundle for bundle in self.bundles if bundle.name in found.bundles)
