"""A team supplies another whose Definition of Done asks for more.

One team works for another when an open item of the other waits for one of its own across teams, or
when both have open items in the same epic or goal. If the receiving team's Definition of Done (DoD)
has criteria that the supplying team's lacks, then "done" of the one is not "done" of the other.

Example: the stores team waits for items of the online team. Its DoD says "Accessibility checked";
the online team's says nothing of the kind.

Severity: medium; high when more than 5 open dependencies run from the supplying to the receiving
team.

What to do: the two teams agree that the supplier adds the criteria, at least for what it hands over,
or that the receiver sees to them itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from service.domain.conflict.finding import Finding, Text, raised
from service.domain.done import Comparison
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.suppliers import Supply, Teams
from service.rules.support.file_order import in_file_order
from service.rules.support.voice import Voice, Words

RULE = Rule(place=230, shape="team", scope="product")
Settings = NoSettings

_LISTED = 10  # epics among the facts


class _Lack(NamedTuple):
    """A criterion that the supplier lacks, in the consumer's own words."""

    criterion: str
    text: str


def find(teams: Teams, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    for (supplier, consumer), supply in sorted(teams.supplies.items()):
        lacking = _lacking(teams.comparison, supplier, consumer)
        if lacking:
            yield _finding(supplier, consumer, supply, lacking, plan)


def _lacking(comparison: Comparison, supplier: str, consumer: str) -> list[_Lack]:
    return [
        _Lack(criterion.id, wording.text)
        for criterion in comparison.criteria
        if criterion.by_team.get(supplier) is None and (wording := criterion.by_team.get(consumer))
    ]


def _finding(supplier: str, consumer: str, supply: Supply, lacking: Sequence[_Lack], plan: Plan) -> Finding:
    return Finding(
        rule="dod-mismatch",
        identity=(supplier, consumer),
        severity=raised("medium", supply.edges > 5),
        roles=(),
        teams=in_file_order((supplier, consumer), plan),
        wording=partial(_text, supplier, consumer, supply, lacking, plan),
        facts=_facts(supplier, consumer, supply, lacking),
    )


def _facts(supplier: str, consumer: str, supply: Supply, lacking: Sequence[_Lack]) -> dict[str, Any]:
    return {
        "supplier": supplier,
        "consumer": consumer,
        "criteria": [{"criterion": lack.criterion, "text": lack.text} for lack in lacking],
        "open_dependencies": supply.edges,
        "shared_epics": supply.epics[:_LISTED],
        "shared_epics_count": len(supply.epics),
        "shared_goals": list(supply.goals),
    }


def _text(supplier: str, consumer: str, supply: Supply, lacking: Sequence[_Lack], plan: Plan) -> Text:
    voice = Voice(plan, WORDS)
    count = len(lacking)
    about: dict[str, Any] = {
        "supplier": voice.team(supplier),
        "consumer": voice.team(consumer),
        "works": voice.say("works-for" if supply.edges else "works-with"),
        "count": count,
        "criteria": voice.listed([f"“{lack.text}”" for lack in lacking]),
    }
    number = "one" if count == 1 else "many"
    return Text(
        title=voice.say(f"title-{number}", **about),
        explanation=voice.say("explanation", ties=_ties(supply, voice, plan, about), **about),
        suggestions=(voice.say("add", **about), voice.say("see-to-it", **about)),
    )


def _ties(supply: Supply, voice: Voice, plan: Plan, about: Mapping[str, Any]) -> str:
    names: Mapping[str, str] = {goal.key: goal.name for goal in plan.goals}
    ties = []
    if supply.edges:
        ties.append(voice.say("edge" if supply.edges == 1 else "edges", **{**about, "count": supply.edges}))
    if supply.epics:
        ties.append(voice.say("epic" if len(supply.epics) == 1 else "epics", count=len(supply.epics)))
    if supply.goals:
        goals = voice.listed([names.get(goal, goal) for goal in supply.goals])
        ties.append(voice.say("goal" if len(supply.goals) == 1 else "goals", goals=goals))
    return voice.listed(ties)


WORDS: Words = {
    "en": {
        "works-for": "works for",
        "works-with": "works with",
        "title-one": "{supplier} {works} {consumer}, but its Definition of Done lacks what {consumer} "
        "asks: {criteria}.",
        "title-many": "{supplier} {works} {consumer}, but its Definition of Done lacks {count} things that "
        "{consumer} asks: {criteria}.",
        "explanation": "The two are joined by {ties}. What {supplier} calls done is not done for {consumer}.",
        "edge": "1 open dependency of {consumer} on {supplier}",
        "edges": "{count} open dependencies of {consumer} on {supplier}",
        "epic": "1 shared epic",
        "epics": "{count} shared epics",
        "goal": "the shared goal {goals}",
        "goals": "the shared goals {goals}",
        "add": "Add to the Definition of Done of {supplier}: {criteria}.",
        "see-to-it": "Or agree that {consumer} sees to it, and take it out of the Definition of Done of "
        "{consumer}.",
    },
    "nl": {
        "works-for": "werkt voor",
        "works-with": "werkt samen met",
        "title-one": "{supplier} {works} {consumer}, maar in de Definition of Done ontbreekt wat "
        "{consumer} vraagt: {criteria}.",
        "title-many": "{supplier} {works} {consumer}, maar in de Definition of Done ontbreken {count} "
        "dingen die {consumer} vraagt: {criteria}.",
        "explanation": "De twee zijn verbonden door {ties}. Wat voor {supplier} af is, is dat voor "
        "{consumer} niet.",
        "edge": "1 open afhankelijkheid van {consumer} van {supplier}",
        "edges": "{count} open afhankelijkheden van {consumer} van {supplier}",
        "epic": "1 gedeelde epic",
        "epics": "{count} gedeelde epics",
        "goal": "het gedeelde doel {goals}",
        "goals": "de gedeelde doelen {goals}",
        "add": "Voeg toe aan de Definition of Done van {supplier}: {criteria}.",
        "see-to-it": "Of spreek af dat {consumer} ervoor zorgt, en haal het uit de Definition of Done van "
        "{consumer}.",
    },
}
