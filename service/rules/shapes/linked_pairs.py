"""What rules of the shape ``pairs`` see: items of two teams that a link joins. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from service.domain.plan.item import Item
from service.domain.plan.relations import Tie
from service.rules.support.voice import Voice


class LinkedPair(NamedTuple):
    """``first`` has the lower id. ``ties`` are all links between the two, whichever side says them."""

    first: Item
    second: Item
    ties: Sequence[Tie]


def linked_pairs(ties: Iterable[Tie], items: Mapping[str, Item]) -> list[LinkedPair]:
    """Each pair of items of different teams once, by ids; a link that two sources tell counts once."""
    by_ends: dict[tuple[str, str], list[Tie]] = {}
    for tie in sorted(set(ties)):
        if items[tie.one].team != items[tie.other].team:
            ends = (tie.one, tie.other) if tie.one < tie.other else (tie.other, tie.one)
            by_ends.setdefault(ends, []).append(tie)
    return [LinkedPair(items[one], items[other], links) for (one, other), links in sorted(by_ends.items())]


def tie_facts(ties: Iterable[Tie]) -> dict[str, Any]:
    links = [{"item": tie.one, "other": tie.other, "words": tie.words, "origin": tie.origin} for tie in ties]
    return {"links": links}


def links_in_words(pair: LinkedPair, voice: Voice) -> str:
    """Where the links come from, a sentence for each."""
    keys = {pair.first.id: pair.first.key, pair.second.id: pair.second.key}
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
