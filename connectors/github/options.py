"""What the product file says of a GitHub source."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from connectors.options import SourceOptions, Strict

Epics = Literal["issue-type", "label", "milestone", "sub-issues"]


class TokenAuth(Strict):
    """A fine-grained token: issues, metadata and projects, read only."""

    token: SecretStr


class AppAuth(Strict):
    """A GitHub App; ``private_key`` is its PEM."""

    app_id: int | str
    private_key: SecretStr
    installation_id: int


class Options(SourceOptions):
    type: Literal["github"]
    url: str = "https://api.github.com"
    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")]
    project: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/\d{1,9}$")] | None = None
    epics: Epics | None = None
    auth: TokenAuth | AppAuth

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("expected an address such as https://api.github.com or https://HOST/api/v3")
        return value.rstrip("/")

    @property
    def site(self) -> str:
        """The host a browser uses: api.github.com → github.com, api.acme.ghe.com → acme.ghe.com."""
        host = urlsplit(self.url).netloc.lower()
        if host == "api.github.com" or (host.startswith("api.") and host.endswith(".ghe.com")):
            return host.removeprefix("api.")
        return host

    @property
    def graphql_url(self) -> str:
        """Enterprise Server's /api/v3 has its GraphQL at /api/graphql."""
        return (
            self.url.removesuffix("/v3") + "/graphql"
            if self.url.endswith("/api/v3")
            else f"{self.url}/graphql"
        )
