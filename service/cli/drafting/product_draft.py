"""From named sources to the text of a product file: look, name, write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.cli.drafting.chosen.chosen_source import ChosenSource
from service.cli.drafting.chosen.credentials import without_secrets
from service.cli.drafting.chosen.source_names import keyed, plain_name
from service.cli.drafting.survey_source import look
from service.cli.drafting.written.product_text import About, SurveyedSource, product_text

_OPEN = ("email", "username")  # fields of ``auth`` that are no secret


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` and ``looks``' errors hold none of the credentials."""

    looks: Sequence[SurveyedSource]
    text: str


async def draft(about: About, wanted: Sequence[ChosenSource], values: Mapping[str, str]) -> Draft:
    """``values``: of the environment variables that the sources name; those not set are left out."""
    zone = ZoneInfo(about.timezone)
    surveys = await look(wanted, values, zone)
    names = [one.name or plain_name(source) for one, source in zip(surveys, wanted, strict=True)]
    looks = [SurveyedSource(*pair) for pair in zip(keyed(wanted, names), surveys, strict=True)]
    text = product_text(about, looks, datetime.now(zone).date())
    return Draft(looks, without_secrets(text, secrets(wanted, values)))


def secrets(wanted: Sequence[ChosenSource], values: Mapping[str, str]) -> list[str]:
    names = {name for one in wanted for field, name in one.auth.items() if field not in _OPEN}
    return [values[name] for name in names if values.get(name)]


def refused(looks: Sequence[SurveyedSource]) -> set[str]:
    """Variables with a credential that no tracker accepted: not worth keeping."""
    outcome: dict[str, bool] = {}
    for look_ in looks:
        for name in look_.source.wanted.auth.values():
            is_refused = look_.found.reason == "authentication" and look_.found.capabilities is None
            outcome[name] = outcome.get(name, True) and is_refused
    return {name for name, is_refused in outcome.items() if is_refused}
