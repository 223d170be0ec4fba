"""Settings, read once at the entry point and handed down. Each stands in README's table."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from cinefarm.llm.settings import OPENAI_URL, LlmSettings


def _or_openai(name: str) -> AliasChoices:
    """The name that every OpenAI client reads counts where ours is not set."""
    return AliasChoices(f"CINEFARM_LLM_{name}", f"OPENAI_{'API_KEY' if name == 'KEY' else name}")


class MasterSettings(BaseSettings):
    """From the environment (`CINEFARM_…`) or a `.env` file."""

    model_config = SettingsConfigDict(env_prefix="CINEFARM_", env_file=".env", extra="ignore", populate_by_name=True)

    host: str = Field("127.0.0.1", description="Address to listen on; wider than loopback needs tokens")
    port: int = Field(8000, ge=1, le=65535, description="Port of the UI, the API and the workers")
    projects_dir: Path = Field(Path("projects"), description="Where project folders lie")
    workflows_dir: Path | None = Field(
        None, description="Workflow files beside those that ship; of equal names these count"
    )
    storage_dir: Path = Field(Path("shared_storage"), description="Where rendered files lie, by hash")
    state_dir: Path = Field(Path(".cinefarm"), description="Database, secret and locks of the master")
    database_url: str | None = Field(None, description="Another database than SQLite in the state folder")
    secret: SecretStr | None = Field(None, description="The master's secret; made and kept in the state folder")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        [], description="Host names, besides loopback, under which the UI is reached"
    )
    lease_s: float = Field(30.0, gt=0, description="A worker silent for so long has lost its jobs")
    max_queued: int = Field(200_000, ge=1, description="With more jobs waiting, new ones are refused for a while (429)")
    upload_limit_mb: int = Field(50, ge=1, description="Largest uploaded picture")
    video_limit_mb: int = Field(1024, ge=1, description="Largest uploaded video")
    lora_limit_mb: int = Field(2048, ge=1, description="Largest uploaded LoRA file")
    ad_text_limit: int = Field(20, ge=1, le=200, description="Longest text of an ad, in characters")
    ad_image_limit_mb: int = Field(10, ge=1, le=100, description="Largest picture sent with an ad")
    backup_dir: Path | None = Field(
        None, description="Where verified backups lie, best on another disk; `backups` in the state folder if empty"
    )
    backup_every_h: float = Field(1.0, ge=0, description="Hours between backups; 0 makes none by itself")
    least_free_gb: float = Field(5.0, ge=0, description="With less free disk, new work and uploads are refused (507)")
    least_free_percent: float = Field(
        5.0, ge=0, le=90, description="The same as a share of the disk; the larger counts"
    )
    ballast_mb: int = Field(
        64, ge=0, description="Space held on the database's disk and given back when it is full; 0 holds none"
    )
    trash_days: float = Field(30.0, ge=1, description="Deleted rows can be restored so long; then `cinefarm prune`")
    orphan_days: float = Field(30.0, ge=1, description="Files of ended attempts are kept so long")
    log_days: float = Field(14.0, ge=1, description="Log lines of jobs are kept so long")
    event_days: float = Field(365.0, ge=1, description="Who did what is kept so long")
    sweep_days: float = Field(7.0, ge=1, description="A rendered file that nothing names is kept so long once noticed")

    llm_base_url: str = Field(
        OPENAI_URL,
        validation_alias=_or_openai("BASE_URL"),
        description="Server of the language model, OpenAI or one that speaks its API; or OPENAI_BASE_URL",
    )
    llm_key: SecretStr | None = Field(
        None, validation_alias=_or_openai("KEY"), description="Its key, where it wants one; or OPENAI_API_KEY"
    )
    llm_model: str | None = Field(None, description="Name of the language model; without one, stated rules answer")
    llm_timeout_s: float = Field(60.0, gt=0, description="Longest wait for one answer, with retries")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def listed(cls, value: object) -> object:
        """In the environment: names with commas between."""
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @field_validator("projects_dir", "storage_dir", "state_dir")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("backup_dir", "workflows_dir")
    @classmethod
    def absolute_if_given(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else None

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def llm(self) -> LlmSettings:
        return LlmSettings(
            base_url=self.llm_base_url, key=self.llm_key, model=self.llm_model, timeout_s=self.llm_timeout_s
        )

    @property
    def backups(self) -> Path:
        return self.backup_dir or self.state_dir / "backups"

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; None for another database."""
        url = self.sqlalchemy_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    @property
    def sqlalchemy_url(self) -> str:
        return self.database_url or f"sqlite:///{self.state_dir / 'cinefarm.db'}"
