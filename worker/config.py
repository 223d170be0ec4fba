"""Settings of an agent, read once at the entry point."""

import platform
import re
from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
    drain_s: float = Field(600.0, ge=0, description="How long a stopping agent waits for its running jobs")

    @field_validator("device", mode="before")
    @classmethod
    def listed(cls, value: object) -> object:
        """In the environment: names with commas between."""
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @field_validator("projects_dir", "storage_dir", "state_dir")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("master", "comfy")
    @classmethod
    def without_slash(cls, value: str | None) -> str | None:
        if value and not re.match(r"https?://", value):
            raise ValueError(f"“{value}” is not an address; write e.g. http://192.168.0.10:8000")
        return value.rstrip("/") if value else None
