"""Keys and addresses of the services, from the environment or `.env` of the worker."""

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

REMEDY = "set it in this worker's environment or .env file and restart the worker."


def _or(ours: str, theirs: str) -> AliasChoices:
    """The name that the vendor's own tools read counts where ours is not set."""
    return AliasChoices(f"CINEFARM_{ours}", theirs)


class RemoteSettings(BaseSettings):
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
            missing["image_to_video/i2v_runway"] = f"CINEFARM_RUNWAY_KEY is not set; {REMEDY}"
        for name, key in (("ACCESS", self.kling_access_key), ("SECRET", self.kling_secret_key)):
            if key is None:
                missing.setdefault("image_to_video/i2v_kling", f"CINEFARM_KLING_{name}_KEY is not set; {REMEDY}")
        return missing
