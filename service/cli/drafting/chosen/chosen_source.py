"""The sources that a person names, before anything is known of them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from config.product.fields import example
from config.product.kinds import connector_kinds
from connectors.options import SourceOptions
from service.errors import AttuneError

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")


class UnclearChoice(AttuneError, ValueError):
    """What was named is no tracker; ``str()`` never repeats what may be a secret."""


@dataclass(frozen=True, slots=True)
class ChosenSource:
    """``reads``: what of the tracker, by the source's fields. ``auth``: names of environment variables."""

    type: str
    url: str
    reads: Mapping[str, str]  # {"project": "ONL"}, {"repository": "acme/stores", "project": "acme/12"}
    auth: Mapping[str, str]  # {"token": "GH_TOKEN"}

    @property
    def place(self) -> str:
        """What people say of it: ``ONL``, ``acme/stores``."""
        return self.reads.get("repository") or self.reads["project"]


class KeyedSource(NamedTuple):
    """A source with the keys it has in the product file."""

    key: str
    team: str
    wanted: ChosenSource


def options(wanted: ChosenSource, values: Mapping[str, str], key: str = "source") -> SourceOptions:
    """As the product file will say it, with the variables filled in. Raises ValidationError."""
    source_options: SourceOptions = connector_kinds()[wanted.type].Options.model_validate(
        {
            "key": key,
            "type": wanted.type,
            "url": wanted.url,
            **wanted.reads,
            "auth": {field: values[name] for field, name in wanted.auth.items()},
        }
    )
    return source_options


def checked(wanted: ChosenSource) -> ChosenSource:
    """Raises UnclearChoice for what could not stand in a product file."""
    for name in wanted.auth.values():
        variable(name)
    try:
        options(wanted, dict.fromkeys(wanted.auth.values(), "unknown"))
    except ValidationError as error:
        raise UnclearChoice("; ".join(_told(wanted, one) for one in error.errors())) from None
    return wanted


def variable(name: str) -> str:
    """Raises UnclearChoice for what is no name of a variable: it may be a token, so it is not shown."""
    if not _VARIABLE.fullmatch(name):
        raise UnclearChoice("expected the NAME of an environment variable, in capitals, never a token itself")
    return name


def _told(wanted: ChosenSource, error: object) -> str:
    details = error if isinstance(error, dict) else {}
    field = str((details.get("loc") or ("?",))[-1])
    shown = example(connector_kinds()[wanted.type].Options.model_fields.get(field))
    message = str(details.get("msg", "")).removeprefix("Value error, ")
    return f"{field}: expected one such as {shown}" if shown else f"{field}: {message}"
