"""What a product file says, checked piece by piece; references.py checks how the pieces fit."""

import difflib
import re
from datetime import time
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    SecretStr,
    StringConstraints,
    field_validator,
)
from pydantic_core import CoreSchema

from config.product.kinds import connector_kinds
from config.product.rules import RuleSettings
from config.severity import Severity
from connectors.duration import Duration
from connectors.options import SourceOptions, Strict

KEY_PATTERN = r"^[a-z0-9-]+$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, Field(pattern=KEY_PATTERN)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", examples=["po@example.com"])]
Texts = tuple[Text, ...]


def _no_bool(value: Any) -> Any:
    """pydantic would take true for 1."""
    if isinstance(value, bool):
        raise ValueError("is true or false; expected a number")
    return value


Number = Annotated[int | float, BeforeValidator(_no_bool)]
Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=1)]


class Person(Strict):
    name: Text
    email: Email | None = None


class About(Strict):
    """``timezone``: all dates are days in it. ``language`` of messages, agenda and page."""

    name: Text
    vision: str | None = None
    timezone: str = "UTC"
    language: Literal["en", "nl"] = "en"
    chief_po: Person | None = None

    @field_validator("timezone")
    @classmethod
    def _is_a_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            near = difflib.get_close_matches(name, available_timezones(), 1, 0.8)
            hint = f"did you mean {near[0]}?" if near else "expected an IANA name such as Europe/Amsterdam"
            raise ValueError(f"is not a time zone; {hint}") from None
        return name


class Team(Strict):
    """``definition_of_done`` counts only when no tracker carries one."""

    key: Key
    name: Text
    owner: Person | None = None
    area: str | None = None
    components: Texts = ()
    definition_of_done: Texts = ()


class Metric(Strict):
    name: Text
    target: Number | None = None
    unit: str | None = None


class Select(Strict):
    """An item that any of these matches, and what lies under it. ``title`` is a regular expression."""

    labels: Texts = ()
    components: Texts = ()
    epics: Texts = ()
    title: str | None = None

    @field_validator("title")
    @classmethod
    def _is_a_pattern(cls, title: str | None) -> str | None:
        try:
            re.compile(title or "", re.IGNORECASE)
        except (re.error, RecursionError, OverflowError) as wrong:
            place = getattr(wrong, "pos", None)
            where = "" if place is None else f" (at character {place + 1})"
            raise ValueError(
                f"is not a regular expression{where}; expected one such as ^Spring|voucher"
            ) from None
        return title


class Goal(Strict):
    key: Key
    name: Text
    metric: Metric | None = None
    select: Select


class Shared(Strict):
    """A part of the product that several teams touch, and how many epics may do so at once."""

    component: Text
    max_parallel: Count = 1


class Baseline(Strict):
    """One line of the Definition of Done that every team must at least meet."""

    id: Key
    text: Text
    also: Texts = ()


class Condition(Strict):
    """Empty matches everything; ``kind`` holds rules."""

    severity: tuple[Severity, ...] = ()
    kind: tuple[str, ...] = ()


class Escalation(Strict):
    """``decider``: chief_po, a team's key or an e-mail address."""

    when: Condition = Condition()
    decider: Text
    after: Duration


def _time_of_day(value: Any) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(value).strip())
    if isinstance(value, time):
        return value
    if not found:
        raise ValueError('is not a time of day; expected one such as "10:00"')
    return time(int(found[1]), int(found[2]))


class Cadence(Strict):
    """When the PO sync is, in the product's time zone; ``day`` says nothing when it is every day."""

    every: Literal["week", "day"] = "week"
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    at: Annotated[time, BeforeValidator(_time_of_day)] = time(10)


class Notify(Strict):
    """A webhook as configuration; an empty filter asks for everything. references.py checks the format."""

    key: Key
    format: Text = "standard"
    url: SecretStr
    events: tuple[Annotated[str, Field(pattern=r"^[a-z.*-]+$", examples=["conflict.*"])], ...] = ()
    teams: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_severity: Severity | None = None
    mode: Literal["immediate", "digest"] = "immediate"

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(("https://", "http://", "mailto:")):
            raise ValueError("is not an address; expected https://… (or mailto:…)")
        return url


class _Discovered:
    """Narrows a source to the options of the connector that its ``type`` names."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        options = [kind.Options for kind in connector_kinds().values()]
        every: Any = reduce(or_, options)
        is_choice = len(options) > 1
        return handler.generate_schema(Annotated[every, Field(discriminator="type")] if is_choice else every)


Source = Annotated[SourceOptions, _Discovered()]


class Product(Strict):
    """One product file. ``rules`` holds those it names: ``"off"``, or what it sets of them.

    Its schema is built when the first file is read: only then is it known what other packages add.
    """

    model_config = ConfigDict(defer_build=True)

    product: About
    teams: Annotated[tuple[Team, ...], Field(min_length=1)]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    goals: tuple[Goal, ...] = ()
    shared: tuple[Shared, ...] = ()
    definition_of_done: tuple[Baseline, ...] = ()
    rules: Annotated[dict[str, Any], RuleSettings()] = Field(default_factory=dict)
    escalation: tuple[Escalation, ...] = ()
    cadence: Cadence = Cadence()
    notify: tuple[Notify, ...] = ()

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.product.timezone)
