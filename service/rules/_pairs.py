"""What rules of the shape ``pairs`` see: items of two teams that a link joins. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from service.domain.graph.backlog import Tie
from service.domain.plan.item import Item
from service.rules._wording import Voice


class Pair(NamedTuple):
    """``one`` has the lower id. ``ties`` are all links between the two, whichever side says them."""

    one: Item
    other: Item
    ties: Sequence[Tie]


def pairs_of(ties: Iterable[Tie], items: Mapping[str, Item]) -> list[Pair]:
    """Each pair of items of different teams once, by ids; a link that two sources tell counts once."""
    found: dict[tuple[str, str], list[Tie]] = {}
    for tie in sorted(set(ties)):
        if items[tie.one].team != items[tie.other].team:
            ends = (tie.one, tie.other) if tie.one < tie.other else (tie.other, tie.one)
            found.setdefault(ends, []).append(tie)
    return [Pair(items[one], items[other], told) for (one, other), told in sorted(found.items())]


def tie_facts(ties: Iterable[Tie]) -> dict[str, Any]:
    told = [{"item": tie.one, "other": tie.other, "words": tie.words, "origin": tie.origin} for tie in ties]
    return {"links": told}


def told_ties(pair: Pair, voice: Voice) -> str:
    """Where the link comes from, a sentence for each that says it."""
    keys = {pair.one.id: pair.one.key, pair.other.id: pair.other.key}
    return " ".join(
        voice.say(
            "linked",
            one=keys[tie.one],
            other=keys[tie.other],
            words=tie.words or tie.relation,
            origin=voice.origins([tie.origin]),
        )
        for tie in pair.ties
    )
