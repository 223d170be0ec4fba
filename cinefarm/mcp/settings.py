"""Settings of the MCP server, read once at the entry point."""

from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class McpSettings(BaseSettings):
    """From the environment (`CINEFARM_MCP_…`) or a `.env` file. The master's address and token are the client's."""

    model_config = SettingsConfigDict(env_prefix="CINEFARM_MCP_", env_file=".env", extra="ignore")

    host: str = Field(
        "127.0.0.1", description="Address of `cinefarm mcp --http`; all requests need a token of the farm"
    )
    port: int = Field(3000, ge=1, le=65535, description="Its port: SSE at `/sse`, streamable HTTP at `/mcp`")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        [], description="Host names, besides loopback, under which it is reached, with the port"
    )
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        [], description="Other web pages that may ask it, like `https://chat.example.com`"
    )
    ads_per_hour: int = Field(60, ge=1, description="Pictures that one token may have made within an hour")

    @field_validator("allowed_hosts", "allowed_origins", mode="before")
    @classmethod
    def split_names(cls, value: object) -> object:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value

    @property
    def hosts(self) -> list[str]:
        """What a request's Host may be."""
        own = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if self.host not in ("127.0.0.1", "::1", "0.0.0.0", "::"):
            own.add(f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}")
        return sorted({name.lower() for name in (*own, *self.allowed_hosts)})

    @property
    def origins(self) -> list[str]:
        """What a request's Origin may be, where it has one: a page of this server, or one that was let in."""
        own = {f"{scheme}://{host}" for scheme in ("http", "https") for host in self.hosts}
        return sorted({origin.lower().rstrip("/") for origin in (*own, *self.allowed_origins)})
