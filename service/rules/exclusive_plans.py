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
        if pair.one.is_open and pair.other.is_open:
            ties = [tie for tie in pair.ties if tie.relation == "conflicts"]
            if ties:
                yield _finding(pair._replace(ties=ties), plan)


def _finding(pair: LinkedPair, plan: Plan) -> Finding:
    one, other = pair.one, pair.other
    return Finding(
        rule="exclusive-plans",
        identity=(one.id, other.id),
        severity="high",
        roles=(Role(one.id, "item"), Role(other.id, "item")),
        teams=in_file_order((one.team, other.team), plan),
        wording=partial(_text, pair, Voice(plan, WORDS)),
        facts={**tie_facts(pair.ties), "states": [one.state, other.state]},
    )


def _text(pair: LinkedPair, voice: Voice) -> Text:
    one, other = pair.one, pair.other
    about = {"one": one, "other": other}
    explanation = voice.say("explanation", state=voice.state(one), other_state=voice.state(other), **about)
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {links_in_words(pair, voice)}",
        advice=(
            Advice(voice.say("drop", kept=one, dropped=other), (setting(other, state="dropped"),)),
            Advice(voice.say("drop", kept=other, dropped=one), (setting(one, state="dropped"),)),
            Advice(voice.say("unlink", **about)),
        ),
    )


WORDS: Words = {
    "en": {
        "title": "{one} and {other} exclude each other, but both are planned.",
        "explanation": "{one.key} ({state}) and {other.key} ({other_state}) are both open.",
        "drop": "Go ahead with {kept.key}, and drop {dropped.key}.",
        "unlink": "Change what the two plan so that they go together, and remove the link.",
    },
    "nl": {
        "title": "{one} en {other} sluiten elkaar uit, maar beide staan op de planning.",
        "explanation": "{one.key} ({state}) en {other.key} ({other_state}) staan allebei open.",
        "drop": "Ga door met {kept.key}, en laat {dropped.key} vervallen.",
        "unlink": "Verander de plannen zo dat de twee samengaan, en verwijder de koppeling.",
    },
}
