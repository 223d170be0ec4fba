"""Settings of an agent, read once at the entry point."""

import platform
import re
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from worker.surroundings import default_models_dir


def _default_name() -> str:
    return re.sub(r"[^\w.-]", "-", platform.node() or "worker")[:100]


class WorkerSettings(BaseSettings):
    """From the environment (`CINEFARM_WORKER_…`), a `.env` file or the command line."""

    model_config = SettingsConfigDict(env_prefix="CINEFARM_WORKER_", env_file=".env", extra="ignore")

    master: str = Field("http://127.0.0.1:8000", description="Address of the master")
    name: str = Field(default_factory=_default_name, pattern=r"^[\w.-]{1,100}$", description="Name of this worker")
    device: Annotated[list[str], NoDecode] = Field([], description="cpu, cuda:0, …; every GPU and the CPU if empty")
    slots: int = Field(1, ge=1, le=64, description="Jobs that may run beside each other on each device")
    pool: str | None = Field(None, description="Pool to join")
    comfy: str | None = Field(None, description="Address of the ComfyUI beside the agent")
    token: SecretStr | None = Field(None, description="One-time enrolment token")
    secret_file: Path | None = Field(None, description="The master's secret file, when it runs on this machine")
    state_dir: Path = Field(
        default_factory=lambda: user_data_path("cinefarm") / "worker",
        description="Credential, unsent reports and cached files of the agent",
    )
    projects_dir: Path = Field(Path("projects"), description="The master's projects folder, if this box sees it")
    storage_dir: Path = Field(Path("shared_storage"), description="The master's storage folder, if this box sees it")
    workflows_dir: Path | None = Field(
        None, description="Workflow files beside those that ship; of equal names these count"
    )
    models_dir: Path = Field(default_factory=default_models_dir, description="Where model weights lie on this box")
    staged_gb: float | None = Field(
        None, ge=0, description="RAM for weights that wait for a GPU, in GB; half of the box's RAM, shared by its GPUs"
    )
    idle_s: float = Field(
        900.0, ge=0, description="Seconds after which weights that nothing uses leave the GPU; 0: they stay"
    )
    drain_s: float = Field(600.0, ge=0, description="How long a stopping agent waits for its running jobs")

    @property
    def own_dir(self) -> Path:
        """The studio's own workflows, as they were fetched."""
        return self.state_dir / "workflows"

    @field_validator("device", mode="before")
    @classmethod
    def listed(cls, value: object) -> object:
        """In the environment: names with commas between."""
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @field_validator("projects_dir", "storage_dir", "state_dir", "models_dir", "workflows_dir")
    @classmethod
    def absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @field_validator("master", "comfy")
    @classmethod
    def without_slash(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://", value):
            raise ValueError(f"“{value}” is not an address; write e.g. http://192.168.0.10:8000")
        return value.rstrip("/") if value else None


_REMEDY = "set it in this worker's environment or .env file and restart the worker."


def _or(ours: str, theirs: str) -> AliasChoices:
    """The name that the vendor's own tools read counts where ours is not set."""
    return AliasChoices(f"CINEFARM_{ours}", theirs)


class RemoteSettings(BaseSettings):
    """Keys and addresses of the services that sell videos. The engine reads them itself; no message carries them."""

    model_config = SettingsConfigDict(
        env_prefix="CINEFARM_", env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    runway_key: SecretStr | None = Field(
        None,
        validation_alias=_or("RUNWAY_KEY", "RUNWAYML_API_SECRET"),
        description="Runway's API secret; or RUNWAYML_API_SECRET",
    )
    runway_base_url: str = Field(
        "https://api.dev.runwayml.com",
        validation_alias=_or("RUNWAY_BASE_URL", "RUNWAYML_BASE_URL"),
        description="Address of Runway's API; or RUNWAYML_BASE_URL",
    )
    kling_access_key: SecretStr | None = Field(
        None,
        validation_alias=_or("KLING_ACCESS_KEY", "KLING_ACCESS_KEY"),
        description="Kling's access key; or KLING_ACCESS_KEY",
    )
    kling_secret_key: SecretStr | None = Field(
        None,
        validation_alias=_or("KLING_SECRET_KEY", "KLING_SECRET_KEY"),
        description="Kling's secret key; or KLING_SECRET_KEY",
    )
    kling_base_url: str = Field(
        "https://api-singapore.klingai.com",
        validation_alias=_or("KLING_BASE_URL", "KLING_BASE_URL"),
        description="Address of Kling's API; or KLING_BASE_URL",
    )
    remote_poll_s: float = Field(6.0, gt=0, description="Seconds between two looks at a task, give or take a quarter")

    @field_validator("runway_base_url", "kling_base_url")
    @classmethod
    def without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def lacking(self) -> dict[str, str]:
        """Workflow → the sentence that names the missing variable."""
        missing = {}
        if self.runway_key is None:
            missing["image_to_video/i2v_runway"] = f"CINEFARM_RUNWAY_KEY is not set; {_REMEDY}"
        for name, key in (("ACCESS", self.kling_access_key), ("SECRET", self.kling_secret_key)):
            if key is None:
                missing.setdefault("image_to_video/i2v_kling", f"CINEFARM_KLING_{name}_KEY is not set; {_REMEDY}")
        return missing
