"""What the product file says of a GitHub source."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from connectors.options import PrivateKey, SourceOptions, Strict

Epics = Literal["issue-type", "label", "milestone", "sub-issues"]


class TokenAuth(Strict):
    """A fine-grained token: issues, metadata and projects, read only."""

    token: SecretStr


class AppAuth(Strict):
    """A GitHub App; ``private_key`` is its PEM."""

    app_id: int | str
    private_key: PrivateKey
    installation_id: int


RepositoryName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", examples=["acme/stores"])]


class Options(SourceOptions):
    """One ``repository``, several ``repositories``, or a ``project`` alone whose issues come from many.

    With one ``repository`` an issue's native id is its number (``12``, ``milestone-3``), else it
    says the repository too, in lower case (``acme/stores#12``, ``acme/stores#milestone-3``), by the name that
    it has here, whatever GitHub calls it now.
    """

    type: Literal["github"]
    url: str = "https://api.github.com"
    repository: RepositoryName | None = None
    repositories: Annotated[tuple[RepositoryName, ...], Field(max_length=100)] = ()
    project: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+/\d{1,9}$", examples=["acme/12"])] | None = None
    epics: Epics | None = None
    auth: TokenAuth | AppAuth

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if self.repository and self.repositories:
            raise ValueError("has both repository and repositories; expected one of them")
        if not (self.repository or self.repositories or self.project):
            raise ValueError("reads nothing; expected repository, repositories or project")
        if len({one.lower() for one in self.repositories}) < len(self.repositories):
            raise ValueError("names a repository twice in repositories")
        if not self.repository_names and self.epics == "milestone":
            raise ValueError("epics: milestone needs repository or repositories")
        return self

    @property
    def repository_names(self) -> tuple[str, ...]:
        """The repositories that are read; none when a Project alone says which issues."""
        return (self.repository,) if self.repository else self.repositories

    @field_validator("url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise ValueError("expected an address such as https://api.github.com or https://HOST/api/v3")
        return value.rstrip("/")

    @classmethod
    def url_of(cls, site: str) -> str:
        """The other way round: github.com → api.github.com."""
        if site == "github.com" or site.endswith(".ghe.com"):
            return f"https://api.{site}"
        return f"https://{site}/api/v3"

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
