"""Says of a finding which of its items nobody has touched for a long time. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.conflict.finding import Finding, Text
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.staleness import UNTOUCHED_DAYS, is_stale
from service.rules.support.voice import Voice, Words


def told_with_staleness(
    finding: Finding, items: Mapping[str, Item], plan: Plan
) -> tuple[Text, Mapping[str, Any]]:
    """Its text and its facts. Severity, and what is worth an event, stay as they are."""
    text = finding.wording()
    stale = [item for item in _items(finding, items) if is_stale(item, plan)]
    if not stale:
        return text, finding.facts
    voice = Voice(plan, WORDS)
    said = voice.say(
        "one" if len(stale) == 1 else "many",
        keys=voice.listing(stale, lambda item: item.key),
        days=UNTOUCHED_DAYS,
    )
    facts = {**finding.facts, "stale": [item.id for item in stale]}
    return text._replace(explanation=f"{text.explanation} {said}"), facts


def _items(finding: Finding, items: Mapping[str, Item]) -> Iterable[Item]:
    """All but those that only lie on a path."""
    return [items[role.item] for role in finding.roles if role.role != "via"]


WORDS: Words = {
    "en": {
        "one": "{keys} is stale: nobody has touched it for {days} days.",
        "many": "{keys} are stale: nobody has touched them for {days} days.",
    },
    "nl": {
        "one": "Aan {keys} is al {days} dagen niets veranderd.",
        "many": "Aan elk van {keys} is al {days} dagen niets veranderd.",
    },
}
