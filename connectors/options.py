"""What the product file says of any source; each connector adds its own in its options.py."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from connectors.duration import Duration, at_least


class Strict(BaseModel):
    """No unknown field: a misspelt one is an error that says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _with_line_breaks(key: SecretStr) -> SecretStr:
    """Of a PEM that came through a single line: its line breaks are written as ``\\n``."""
    text = key.get_secret_value().replace("\\r\\n", "\n").replace("\\n", "\n").strip(" \t\r\n\"'")
    return SecretStr(f"{text}\n")


PrivateKey = Annotated[SecretStr, AfterValidator(_with_line_breaks)]
"""A PEM, as a file holds it or with its line breaks spelt out, as environment variables often do."""


class FieldMapping(Strict):
    """Names or ids of tracker fields."""

    start: str | None = None
    due: str | None = None
    estimate: str | None = None
    definition_of_done: tuple[str, ...] = ()


class Mapping(Strict):
    """Settles by hand what attune would otherwise discover; words compare without case."""

    priority: dict[str, Annotated[int, Field(ge=1, le=5)]] = {}
    state: dict[str, Literal["todo", "doing", "done", "dropped"]] = {}
    fields: FieldMapping = FieldMapping()
    blocks: tuple[str, ...] = ()


class When(Strict):
    """A route's condition: every field that is given must match, without case."""

    component: str | None = None
    label: str | None = None
    type: str | None = None


class Route(Strict):
    when: When | None = None
    team: str


class SourceOptions(Strict):
    """Fields every source has. ``type`` is narrowed by each connector to its own name."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    type: str
    team: str | None = None
    route: tuple[Route, ...] = ()
    webhook_secret: SecretStr | None = None
    poll: Annotated[Duration, at_least("30s")] = timedelta(minutes=5)
    sweep: Annotated[Duration, at_least("5m")] = timedelta(hours=6)
    full_scan: Annotated[Duration, at_least("1h")] = timedelta(days=1)
    max_requests_per_hour: Annotated[int, Field(ge=1)] | None = None
    max_requests_at_once: Annotated[int, Field(ge=1, le=32)] = 4
    include_restricted: bool = False
    mapping: Mapping = Mapping()

    def shares_limits(self, other: "SourceOptions") -> bool:
        """Whether their tracker counts the requests of both together: one address, one credential."""
        what_counts = ("type", "url", "auth")
        return all(getattr(self, name, None) == getattr(other, name, None) for name in what_counts)

    @classmethod
    def url_of(cls, site: str) -> str:
        """Where the tracker is asked whose items a browser finds on ``site``, as a product file says it."""
        return f"https://{site}"

    @classmethod
    def credential_fields(cls, _site: str | None) -> tuple[str, ...]:
        """What ``auth`` usually holds for a tracker on that site."""
        return ("token",)
