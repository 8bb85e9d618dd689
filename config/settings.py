"""How the process is set up: ``ATTUNE_…`` variables, also from ``.env`` in the working directory."""

import json
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.env_file import read_env_file

_SHORTEST_TOKEN = 32  # characters after att_


class _EnvFile(EnvSettingsSource):
    """``.env`` read as for the product file, where single quotes mean literally."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        values = read_env_file(Path(".env"))
        return {name.lower(): value for name, value in values.items() if value}


class Settings(BaseSettings):
    """An empty value means unset, blanks and line breaks around one go. ``.env`` may hold other lines: the
    product file's secrets.

    Raises pydantic's ValidationError; its messages never repeat a value.
    """

    model_config = SettingsConfigDict(
        env_prefix="ATTUNE_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    product_file: Path = Path("product.yaml")
    database_url: str = Field(default="sqlite:///attune-data/attune.db", repr=False)  # may hold a password
    admin_token: SecretStr | None = None
    secret_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    allow_private_webhooks: Annotated[list[str], NoDecode] = []
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _EnvFile(settings_cls)

    @field_validator("*", mode="before")
    @classmethod
    def _without_blanks_around(cls, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        """``postgres://``, as hosting platforms write it, becomes ``postgresql://``."""
        scheme, separator, rest = url.strip().partition("://")
        if scheme in ("postgresql", "postgres") and separator and _has_sound_address(rest):
            return f"postgresql://{rest}"
        if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
            return f"sqlite://{rest}"
        raise ValueError("expected sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")

    @field_validator("admin_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr | None) -> SecretStr | None:
        text = token.get_secret_value() if token else "att_" + "x" * _SHORTEST_TOKEN
        rest = text.removeprefix("att_")
        is_long = text.startswith("att_") and len(rest) >= _SHORTEST_TOKEN
        if not (is_long and rest.isascii() and rest.isprintable() and " " not in rest):
            raise ValueError(
                f"expected att_ and at least {_SHORTEST_TOKEN} characters, without spaces or accents"
            )
        return token

    @field_validator("allow_private_webhooks", mode="before")
    @classmethod
    def _are_networks(cls, value: Any) -> list[str]:
        """Separated by commas, or a JSON list."""
        try:
            return [str(ip_network(str(block).strip())) for block in _listed(value)]
        except (ValueError, TypeError):
            raise ValueError(
                "expected networks such as 10.0.0.0/8, without host bits, separated by commas"
            ) from None


def _has_sound_address(rest: str) -> bool:
    """Whether its port is one; a bad one would only show when the database is opened."""
    address = (rest.partition("@")[2] or rest).partition("/")[0].partition("?")[0]
    return re.fullmatch(r"(\[[^\]]*\]|[^:]*)(:\d{1,5})?", address) is not None


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, str):
        return list(value)
    if value.lstrip().startswith("["):
        return list(json.loads(value))
    return [block for block in value.split(",") if block.strip()]
