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
from service.rules._fixes import Advice, setting, text_of
from service.rules._pairs import Pair, tie_facts, told_ties
from service.rules._rule import NoSettings, Shape
from service.rules._teams import in_file_order
from service.rules._wording import Voice, Words

VERSION = 1
SHAPE: Shape = "pairs"
ROLES = ("item",)
Settings = NoSettings


def find(pairs: Sequence[Pair], plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for pair in pairs:
        if pair.one.is_open and pair.other.is_open:
            ties = [tie for tie in pair.ties if tie.relation == "conflicts"]
            if ties:
                yield _finding(pair._replace(ties=ties), plan)


def _finding(pair: Pair, plan: Plan) -> Finding:
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


def _text(pair: Pair, voice: Voice) -> Text:
    one, other = pair.one, pair.other
    about = {"one": one, "other": other}
    explanation = voice.say("explanation", state=voice.state(one), other_state=voice.state(other), **about)
    return text_of(
        title=voice.say("title", **about),
        explanation=f"{explanation} {told_ties(pair, voice)}",
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
