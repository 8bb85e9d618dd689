"""Nobody owns what several teams work on, or nobody speaks for a team.

Open items of two or more teams carry a component that no team of the product file lists as its own;
or a team of the product file has no owner. Whoever wants to know or to decide something has nobody
to ask.

Example: open items of the online team and of the stores team carry the component search, and no
team has search among its components.

Severity: medium.

What to do: name the team that owns the component, or the owner of the team, in the product file.
"""

from collections.abc import Iterator
from functools import partial

from service.domain.conflict.finding import Finding
from service.domain.plan.product import Plan, Team
from service.rules.book.declaration import NoSettings, Rule
from service.rules.shapes.components import Components, Use, plain
from service.rules.support.file_order import in_file_order
from service.rules.support.suggestions import Advice, text_of
from service.rules.support.voice import Voice, Words

RULE = Rule(place=190, shape="component", scope="product", volatile_facts=("open_items",))
Settings = NoSettings


def find(components: Components, plan: Plan, settings: NoSettings) -> Iterator[Finding]:
    owned = {plain(name) for team in plan.teams for name in team.components}
    for component, use in components.used.items():
        if len(use.teams) > 1 and component not in owned:
            yield _without_team(component, use, plan)
    for team in plan.teams:
        if not team.owner:
            yield _without_owner(team, plan)


def _without_team(component: str, use: Use, plan: Plan) -> Finding:
    voice, teams = Voice(plan, WORDS), in_file_order(use.teams, plan)
    counted = [voice.say("share", team=voice.team(team), count=use.teams[team]) for team in teams]
    about = {
        "component": use.name,
        "teams": voice.listed([voice.team(team) for team in teams]),
        "counted": voice.listed(counted),
    }
    wording = partial(
        text_of,
        title=voice.say("component", **about),
        explanation=voice.say("why-component", **about),
        advice=[Advice(voice.say("name-team", **about))],
    )
    return Finding(
        rule="ownership-gap",
        identity=("component", component),
        severity="medium",
        roles=(),
        teams=teams,
        wording=wording,
        facts={
            "component": component,
            "open_items": [{"team": team, "count": use.teams[team]} for team in teams],
        },
    )


def _without_owner(team: Team, plan: Plan) -> Finding:
    voice, about = Voice(plan, WORDS), {"team": team.name}
    wording = partial(
        text_of,
        title=voice.say("team", **about),
        explanation=voice.say("why-team", **about),
        advice=[Advice(voice.say("name-owner", **about))],
    )
    return Finding(
        rule="ownership-gap",
        identity=("team", team.key),
        severity="medium",
        roles=(),
        teams=(team.key,),
        wording=wording,
        facts={"team": team.key, "owner": None},
    )


WORDS: Words = {
    "en": {
        "component": "{teams} work on {component}, but no team owns it.",
        "why-component": "Open items that carry {component}: {counted}. No team of the product file has it "
        "among its components.",
        "share": "{count} of {team}",
        "name-team": "Agree which team owns {component}, and add it to the `components` of that team in the "
        "product file.",
        "team": "The team {team} has no owner, so nobody speaks for its plan.",
        "why-team": "The product file names no owner for {team}.",
        "name-owner": "Name an `owner` for {team} in the product file.",
    },
    "nl": {
        "component": "{teams} werken aan {component}, maar het is van geen enkel team.",
        "why-component": "Open items met {component}: {counted}. Geen team in het productbestand heeft het "
        "bij zijn componenten.",
        "share": "{count} van {team}",
        "name-team": "Spreek af van welk team {component} is, en zet het in het productbestand bij de "
        "`components` van dat team.",
        "team": "Het team {team} heeft geen eigenaar, dus niemand gaat over de planning ervan.",
        "why-team": "Het productbestand noemt geen eigenaar voor {team}.",
        "name-owner": "Noem in het productbestand een `owner` voor {team}.",
    },
}
