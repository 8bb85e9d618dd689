"""A rule's sentences in the product's language. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from string import Formatter
from typing import Any, NamedTuple, TypeVar

from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.wording import Language, day_text

_SPELLED = 9  # items of a path or circle that a sentence names

T = TypeVar("T")
Words = Mapping[Language, Mapping[str, str]]


class _Piece(NamedTuple):
    """Of a sentence: some words, and the name of what follows them; of an item whether its key alone."""

    words: str
    name: str | None
    is_key: bool


@cache
def _pieces(sentence: str) -> tuple[_Piece, ...]:
    """``{x}`` is ``ONL-12 (Online shop)``, ``{x.key}`` is ``ONL-12``. Taken apart once."""
    return tuple(
        _Piece(words, field and field.removesuffix(".key"), (field or "").endswith(".key"))
        for words, field, _, _ in Formatter().parse(sentence)
    )


class Voice:
    """Says the sentences of ``words``; items, dates and spans of time become what people write."""

    def __init__(self, plan: Plan, words: Words) -> None:
        self._plan = plan
        self._language: Language = "nl" if plan.language == "nl" else "en"
        self._own, self._common = words[self._language], WORDS[self._language]

    def say(self, sentence: str, **values: Any) -> str:
        said = []
        for words, name, is_key in _pieces(self._own.get(sentence) or self._common[sentence]):
            said.append(words)
            if name is not None:
                said.append(values[name].key if is_key else self._in_words(values[name]))
        return "".join(said)

    def dated(self, day: date | None, origin: str | None) -> str:
        """``Fri 12 Mar 2027 (from its sprint)``."""
        if day is None:
            return self.say("no-date")
        text = day_text(day, self._language)
        return f"{text} ({self._common[f'date-{origin}']})" if f"date-{origin}" in self._common else text

    def state(self, item: Item) -> str:
        return self._common[f"state-{item.state}"]

    def priority(self, item: Item) -> str:
        """``priority 1 (Highest)``: the figure with the tracker's own word."""
        if item.priority is None:
            return self.say("no-priority")
        text = self.say("priority", value=item.priority)
        return f"{text} ({item.priority_name})" if item.priority_name else text

    def team(self, key: str) -> str:
        return self._plan.team_name(key)

    def listed(self, words: Sequence[str], most: int = 5) -> str:
        """``A, B and C``; what is too much becomes ``and 4 more``."""
        return self.listing(words, str, most)

    def listing(self, things: Sequence[T], word: Callable[[T], str], most: int = 5) -> str:
        """The same of what has no words yet; what is too much gets none."""
        left_out = len(things) - most + 1 if len(things) > most else 0
        shown = [word(thing) for thing in things[: len(things) - left_out]]
        if left_out:
            shown.append(self.say("more", count=left_out))
        if len(shown) < 2:
            return "".join(shown)
        return f"{', '.join(shown[:-1])} {self.say('and')} {shown[-1]}"

    def named(self, items: Sequence[Item]) -> str:
        """``ONL-12 (Online shop) and STO-7 (Stores)``."""
        return self.listing(items, self._in_words)

    def origins(self, origins: Iterable[str]) -> str:
        return self.listed([self._common[f"origin-{origin}"] for origin in origins])

    def known_from(self, edge: Dependency) -> str:
        """Where the dependency comes from, as a sentence."""
        return self.say("known-from", origins=self.origins(edge.origins))

    def links_known_from(self, links: Sequence[Mapping[str, Any]]) -> str:
        """The same for several dependencies, as facts."""
        origins = sorted({origin for link in links for origin in link["origins"]})
        return self.say("known-from" if len(links) == 1 else "known-from-all", origins=self.origins(origins))

    def arrows(self, keys: Sequence[str]) -> str:
        """``A → B → C``; of a long way its beginning and its end."""
        if len(keys) <= _SPELLED:
            return " → ".join(keys)
        left_out = self.say("more", count=len(keys) - _SPELLED + 1)
        return " → ".join((*keys[: _SPELLED - 2], f"… ({left_out})", keys[-1]))

    def _in_words(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, Item):
            return f"{value.key} ({self._plan.team_name(value.team)})"
        if isinstance(value, date):
            return day_text(value, self._language)
        if isinstance(value, timedelta):
            return self._common["day" if value.days == 1 else "days"].format(count=value.days)
        return str(value)


WORDS: Words = {
    "en": {
        "day": "{count} day",
        "days": "{count} days",
        "and": "and",
        "more": "{count} more",
        "priority": "priority {value}",
        "no-priority": "no known priority",
        "no-date": "no date",
        "date-field": "from its date field",
        "date-sprint": "from its sprint",
        "date-release": "from its release",
        "date-milestone": "from its milestone",
        "date-iteration": "from its iteration",
        "state-todo": "to do",
        "state-doing": "in progress",
        "state-done": "done",
        "state-dropped": "dropped",
        "origin-native": "a link in the tracker",
        "origin-remote": "a link to another tracker",
        "origin-text": "a description",
        "origin-declared": "a declaration in attune",
        "known-from": "The dependency comes from {origins}.",
        "known-from-all": "The dependencies come from {origins}.",
        "linked": "{one} is linked to {other} as “{words}” ({origin}).",
        "cut": "Remove the dependency if {dependent.key} can do without {blocker.key}.",
    },
    "nl": {
        "day": "{count} dag",
        "days": "{count} dagen",
        "and": "en",
        "more": "nog {count}",
        "priority": "prioriteit {value}",
        "no-priority": "geen bekende prioriteit",
        "no-date": "geen datum",
        "date-field": "uit het datumveld",
        "date-sprint": "uit de sprint",
        "date-release": "uit de release",
        "date-milestone": "uit de mijlpaal",
        "date-iteration": "uit de iteratie",
        "state-todo": "nog te doen",
        "state-doing": "bezig",
        "state-done": "klaar",
        "state-dropped": "vervallen",
        "origin-native": "een koppeling in de tracker",
        "origin-remote": "een koppeling met een andere tracker",
        "origin-text": "een beschrijving",
        "origin-declared": "een melding in attune",
        "known-from": "De afhankelijkheid komt uit {origins}.",
        "known-from-all": "De afhankelijkheden komen uit {origins}.",
        "linked": "{one} is aan {other} gekoppeld als “{words}” ({origin}).",
        "cut": "Verwijder de afhankelijkheid als {dependent.key} zonder {blocker.key} kan.",
    },
}
"""Words that several rules use."""
