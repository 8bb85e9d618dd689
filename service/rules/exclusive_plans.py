"""Two teams plan work that excludes each other.

A tracker's link or a description says that two open items of different teams conflict: "conflicts
with", "excludes", "contradicts", "sluit uit", "onverenigbaar met". Both cannot be carried out as
planned.

Example: ONL-12 "One basket for all shops" conflicts with STO-7 "A basket per shop". Both are still
planned.

Severity: high.

What to do: the two owners agree which of the two goes ahead, and drop or change the other.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from service.domain.conflict.finding import Finding, Role, Text
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.linked_pairs import LinkedPair, links_in_words, tie_facts
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, setting, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=130, shape="pairs", scope="neighbourhood", roles=("item",))
Settings = NoSettings


def find(pairs: Sequence[LinkedPair], plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for pair in pairs:
        if pair.first.is_open and pair.second.is_open:
            ties = [tie for tie in pair.ties if tie.relation == "conflicts"]
            if ties:
                yield _finding(pair._replace(ties=ties), plan)


def _finding(pair: LinkedPair, plan: Plan) -> Finding:
    first, second = pair.first, pair.second
    return Finding(
        rule="exclusive-plans",
        identity=(first.id, second.id),
        severity="high",
        roles=(Role(first.id, "item"), Role(second.id, "item")),
        teams=in_file_order((first.team, second.team), plan),
        wording=partial(_text, pair, Voice(plan, WORDS)),
        facts={**tie_facts(pair.ties), "states": [first.state, second.state]},
    )


def _text(pair: LinkedPair, voice: Voice) -> Text:
    first, second = pair.first, pair.second
    about = {"first": first, "second": second}
    explanation = voice.say(
        "explanation", state=voice.state(first), second_state=voice.state(second), **about
    )
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {links_in_words(pair, voice)}",
        advice=(
            Advice(voice.say("unlink", **about)),
            *(_choice(chosen, dropped, voice) for chosen, dropped in _choices(first, second)),
        ),
    )


def _choices(first: Item, second: Item) -> list[tuple[Item, Item]]:
    """What is chosen, and what is dropped for it: better what is in progress, then what is more urgent."""
    chosen, dropped = sorted(
        (first, second), key=lambda item: (item.state != "doing", item.priority or 3, item.id)
    )
    return [(chosen, dropped), (dropped, chosen)]


def _choice(chosen: Item, dropped: Item, voice: Voice) -> Advice:
    return Advice(voice.say("drop", chosen=chosen, dropped=dropped), (setting(dropped, state="dropped"),))


WORDS: Words = {
    "en": {
        "title": "{first} and {second} exclude each other, but both are planned.",
        "explanation": "{first.key} ({state}) and {second.key} ({second_state}) are both open.",
        "drop": "Go ahead with {chosen.key}, and drop {dropped.key}.",
        "unlink": "Change the plans so that the two go together, and remove the link.",
    },
    "nl": {
        "title": "{first} en {second} sluiten elkaar uit, maar beide staan op de planning.",
        "explanation": "{first.key} ({state}) en {second.key} ({second_state}) staan allebei open.",
        "drop": "Ga door met {chosen.key}, en laat {dropped.key} vervallen.",
        "unlink": "Verander de plannen zo dat de twee samengaan, en verwijder de koppeling.",
    },
}
