"""What the product file says of a Jira source."""

from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr, TypeAdapter, field_validator

from connectors.jira.jql_filter import parse_filter
from connectors.options import SourceOptions, Strict


class CloudAuth(Strict):
    """A Cloud account's address and its API token; a scoped one works only behind Atlassian's gateway."""

    email: str
    token: SecretStr


class TokenAuth(Strict):
    """A personal access token of Data Center, or what else is sent as a bearer."""

    token: SecretStr


class PasswordAuth(Strict):
    """A Data Center account."""

    username: str
    password: SecretStr


class Options(SourceOptions):
    """``url`` is the address to talk to: the site's own, or https://api.atlassian.com/ex/jira/CLOUDID.

    ``public_url`` is the one that people's links use; without it the site's own word counts, its base
    URL. ``remote_links`` cost one request per issue that is read: ``auto`` asks at once for those that
    are open or closed of late and leaves the others for later, ``always`` asks for every one at once.
    """

    type: Literal["jira"]
    url: str
    public_url: str | None = None
    project: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", examples=["ONL"])]
    filter: str | None = None
    auth: CloudAuth | TokenAuth | PasswordAuth
    remote_links: Literal["auto", "always", "never"] = "auto"

    @classmethod
    def credential_fields(cls, site: str | None) -> tuple[str, ...]:
        """Cloud asks for the account's address too."""
        return ("email", "token") if site and site.endswith(".atlassian.net") else ("token",)

    @field_validator("url", "public_url")
    @classmethod
    def _is_a_site(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parsed = TypeAdapter(AnyHttpUrl).validate_python(url)
        if parsed.username or parsed.password:
            raise ValueError("the credential belongs under auth, not in the address")
        if parsed.query or parsed.fragment:
            raise ValueError("expected the site's address without ? or #")
        return url.rstrip("/")

    @field_validator("filter")
    @classmethod
    def _is_sound(cls, jql: str | None) -> str | None:
        parse_filter(jql)
        return jql

    @field_validator("project")
    @classmethod
    def _in_capitals(cls, project: str) -> str:
        return project.upper()
