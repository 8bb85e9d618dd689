"""What the product file says of a Jira source."""

import re
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr, TypeAdapter, field_validator

from connectors.options import SourceOptions, Strict

_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL)


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
    """``url`` is the site as a browser reaches it, or https://api.atlassian.com/ex/jira/CLOUDID.

    ``remote_links`` cost one request per issue that is read: ``auto`` asks for open ones only,
    ``always`` for every one.
    """

    type: Literal["jira"]
    url: str
    project: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", examples=["ONL"])]
    filter: str | None = None
    auth: CloudAuth | TokenAuth | PasswordAuth
    remote_links: Literal["auto", "always", "never"] = "auto"

    @classmethod
    def credential_fields(cls, site: str | None) -> tuple[str, ...]:
        """Cloud asks for the account's address too."""
        return ("email", "token") if site and site.endswith(".atlassian.net") else ("token",)

    @field_validator("url")
    @classmethod
    def _is_a_site(cls, url: str) -> str:
        found = TypeAdapter(AnyHttpUrl).validate_python(url)
        if found.username or found.password:
            raise ValueError("the credential belongs under auth, not in the address")
        if found.query or found.fragment:
            raise ValueError("expected the site's address without ? or #")
        return url.rstrip("/")

    @field_validator("filter")
    @classmethod
    def _is_sound(cls, jql: str | None) -> str | None:
        """What every Jira refuses and can be seen here; whether its fields exist only Jira knows."""
        bare = _QUOTED.sub("", jql or "")
        if set(bare) & set("\"'"):
            raise ValueError("has a quote that is not closed; expected JQL")
        if ";" in bare:
            raise ValueError("holds a ; outside quotes; expected one JQL condition without it")
        depth = 0
        for sign in bare:
            depth += (sign == "(") - (sign == ")")
            if depth < 0:
                break
        if depth:
            raise ValueError("has brackets that do not match; expected JQL")
        return jql

    @field_validator("project")
    @classmethod
    def _in_capitals(cls, project: str) -> str:
        return project.upper()
