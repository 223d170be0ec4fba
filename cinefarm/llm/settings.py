"""Where the language model is."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from cinefarm.sentences import say

OPENAI_URL = "https://api.openai.com/v1"


class LlmSettings(BaseModel):
    """A model is needed; a key only where the server wants one (OpenAI does, Ollama does not)."""

    model_config = ConfigDict(frozen=True)

    base_url: str = OPENAI_URL
    key: SecretStr | None = None
    model: str | None = None
    timeout_s: float = Field(60.0, gt=0)  # for one question with its retries and its repair
    retries: int = Field(3, ge=0, le=10)
    backoff_s: float = Field(0.5, ge=0)  # before the first retry; doubles, up to 8 s

    @field_validator("key")
    @classmethod
    def empty_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value().strip() else None

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or self.base_url

    @property
    def lacking(self) -> str | None:
        """What is not set and must be, as a sentence; None when a question can be asked."""
        if not self.model:
            return say(
                "No language model is set; set CINEFARM_LLM_MODEL (and CINEFARM_LLM_KEY where the server wants a key)."
            )
        if self.key is None and self.host == urlsplit(OPENAI_URL).hostname:
            return say(
                "{host} wants a key; set CINEFARM_LLM_KEY, or CINEFARM_LLM_BASE_URL for another server.", host=self.host
            )
        return None

    def without_key(self, text: str) -> str:
        """Servers quote what they refuse; a key in it is blotted out."""
        secret = self.key.get_secret_value() if self.key else ""
        return text.replace(secret, "…") if secret else text
