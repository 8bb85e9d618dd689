"""An item says it needs something that attune cannot find.

The tracker or the description names a blocker inside a source of this product, but there is no such
item, or attune's account may not see it. Nobody can plan on it, and a conflict with it stays unseen.
The reference is `unlisted` when GitHub counts more blockers than it lists, and `restricted` for
blockers behind a security level, whose names are not shown.

Example: STO-7 says "blocked by ONL-999". The project ONL belongs to this product, but it has no
issue 999.

Severity: medium.

What to do: correct the reference, remove it when it is out of date, or give attune's account access
to what it names.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from service.domain.conflict.finding import Finding, Role, Text
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.relations import Unresolved
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.single_items import SingleItems
from service.rules.support.suggestions import Advice, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=90, shape="item", scope="references", roles=("dependent",))
Settings = NoSettings

_STEPS = {
    "named": ("correct", "open"),
    "unlisted": ("open", "correct"),
    "restricted": ("open", "correct"),
}
"""A name that nobody knows is most often misspelt; what is hidden is most often there."""


def find(view: SingleItems, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    named: dict[tuple[str, str], list[Unresolved]] = {}
    for unresolved in view.unresolved:
        named.setdefault((unresolved.item, unresolved.reference), []).append(unresolved)
    for item_id, reference in sorted(named):
        item = view.items.get(item_id)
        if item is not None and item.is_open:
            yield _finding(item, reference, named[item_id, reference], plan)


def _finding(item: Item, reference: str, mentions: Sequence[Unresolved], plan: Plan) -> Finding:
    origins = sorted({mention.origin for mention in mentions})
    return Finding(
        rule="dependency-unresolved",
        identity=(item.id, reference),
        severity="medium",
        roles=(Role(item.id, "dependent"),),
        teams=(item.team,),
        wording=partial(_text, item, reference, origins, plan),
        facts={
            "reference": reference,
            "origins": origins,
            "words": [] if reference == "restricted" else sorted({mention.words for mention in mentions}),
            "dependent_state": item.state,
        },
    )


def _text(item: Item, reference: str, origins: Sequence[str], plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    kind = reference if reference in _STEPS else "named"
    about: dict[str, Any] = {"dependent": item, "reference": reference, "state": voice.state(item)}
    source = voice.say("known-from", origins=voice.origins(origins))
    return text_of(
        title=voice.say(f"title-{kind}", **about),
        explanation=f"{voice.say(f'explanation-{kind}', **about)} {source}",
        advice=[Advice(voice.say(f"{step}-{kind}", **about)) for step in _STEPS[kind]],
    )


WORDS: Words = {
    "en": {
        "title-named": "{dependent} waits for {reference}, which attune cannot find.",
        "title-unlisted": "{dependent} waits for more than its tracker shows.",
        "title-restricted": "{dependent} waits for something that is hidden behind a security level.",
        "explanation-named": "{dependent.key} is open ({state}). {reference} lies in a source of this "
        "product, but there is no such item, or attune's account may not see it.",
        "explanation-unlisted": "{dependent.key} is open ({state}). Its tracker counts more blockers than "
        "it lists to attune's account.",
        "explanation-restricted": "{dependent.key} is open ({state}). What it waits for is restricted, so it "
        "stands in no plan that others can see.",
        "correct-named": "Correct or remove the reference to {reference} in {dependent.key}.",
        "correct-unlisted": "Remove blockers of {dependent.key} that are out of date.",
        "correct-restricted": "Remove the dependency from {dependent.key} if it is out of date.",
        "open-named": "Give attune's account access to {reference}, if it exists.",
        "open-unlisted": "Give attune's account access to all blockers of {dependent.key}.",
        "open-restricted": "Agree with those who may see it on a date that {dependent.key} can plan on.",
    },
    "nl": {
        "title-named": "{dependent} wacht op {reference}, maar dat kan attune niet vinden.",
        "title-unlisted": "{dependent} wacht op meer dan de tracker laat zien.",
        "title-restricted": "{dependent} wacht op iets dat achter een beveiligingsniveau verborgen is.",
        "explanation-named": "{dependent.key} staat open ({state}). {reference} hoort bij een bron van dit "
        "product, maar zo'n item bestaat niet, of het account van attune mag het niet zien.",
        "explanation-unlisted": "{dependent.key} staat open ({state}). De tracker telt meer blokkades dan "
        "hij aan het account van attune toont.",
        "explanation-restricted": "{dependent.key} staat open ({state}). Waar het op wacht is afgeschermd, "
        "dus staat het in geen planning die anderen kunnen zien.",
        "correct-named": "Verbeter of verwijder de verwijzing naar {reference} in {dependent.key}.",
        "correct-unlisted": "Verwijder blokkades van {dependent.key} die niet meer gelden.",
        "correct-restricted": "Verwijder de afhankelijkheid uit {dependent.key} als die niet meer geldt.",
        "open-named": "Geef het account van attune toegang tot {reference}, als het bestaat.",
        "open-unlisted": "Geef het account van attune toegang tot alle blokkades van {dependent.key}.",
        "open-restricted": "Spreek met wie het mag zien een datum af waar {dependent.key} op kan plannen.",
    },
}
