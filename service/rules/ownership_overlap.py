"""Two or more teams claim the same component.

The product file lists it among the components that each of them owns, so nobody knows whom to ask,
and each may change it without the other.

Example: the online team and the stores team both list checkout among their components.

Severity: high.

What to do: agree on one owner, and take the component out of the other teams' lists.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from service.domain.conflict.finding import Finding, Text
from service.domain.plan.product import Plan
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.components import Components, plain
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=180, shape="component", scope="product")
Settings = NoSettings


class _Claim(NamedTuple):
    team: str
    name: str  # as its list writes it


def find(components: Components, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    claims: dict[str, dict[str, _Claim]] = {}
    for team in plan.teams:
        for name in team.components:
            claims.setdefault(plain(name), {}).setdefault(team.key, _Claim(team.key, name.strip()))
    for component, by_team in claims.items():
        if len(by_team) > 1:
            yield _finding(component, list(by_team.values()), plan)


def _finding(component: str, claims: Sequence[_Claim], plan: Plan) -> Finding:
    return Finding(
        rule="ownership-overlap",
        identity=(component,),
        severity="high",
        roles=(),
        teams=in_file_order((claim.team for claim in claims), plan),
        wording=partial(_text, claims, Voice(plan, WORDS)),
        facts={
            "component": component,
            "claims": [{"team": claim.team, "as": claim.name} for claim in claims],
        },
    )


def _text(claims: Sequence[_Claim], voice: Voice) -> Text:
    about = {
        "component": claims[0].name,
        "teams": voice.listed([voice.team(claim.team) for claim in claims]),
    }
    return text_of(
        title=voice.say("title", **about),
        explanation=voice.say("explanation", **about),
        advice=[Advice(voice.say("agree", **about))],
    )


WORDS: Words = {
    "en": {
        "title": "{teams} each say that they own {component}.",
        "explanation": "The product file names {component} under the components of {teams}.",
        "agree": "Agree which of {teams} owns {component}, and take it out of the `components` of the others "
        "in the product file.",
    },
    "nl": {
        "title": "{teams} zeggen elk dat {component} van hen is.",
        "explanation": "Het productbestand noemt {component} bij de componenten van {teams}.",
        "agree": "Spreek af van wie van {teams} {component} is, en haal het bij de anderen uit `components` "
        "in het productbestand.",
    },
}
