"""Small backlogs written in a line or two: for cases, and for properties.

An item's first letter is its team: O (online), S (stores), D (data). Its key is ``ONL-1`` for ``O1``.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.domain.backlog import Backlog
from service.domain.done import Comparison, Criterion, Wording
from service.domain.edge import Edge
from service.domain.item import Item
from service.domain.plan import Goal, Plan, Team

TEAMS = {"O": "online", "S": "stores", "D": "data"}
NAMES = {"online": "Online shop", "stores": "Stores", "data": "Data"}
TODAY = date(2027, 3, 1)  # a Monday
GOALS = (Goal("promo", "Spring promotion"), Goal("speed", "Faster delivery"))


def item(name: str, **told: Any) -> Item:
    team = TEAMS[name[0]]
    values = {
        "id": name,
        "key": f"{team[:3].upper()}-{name[1:]}",
        "source": f"{team}-tracker",
        "team": team,
        "kind": "story",
        "title": f"What {name} is about",
        "state": "todo",
        "created": 0.0,
        "labels": (),
        "components": (),
    }
    return Item(**{**dict.fromkeys(Item._fields), **values, **told})


def edge(text: str, items: Mapping[str, Item]) -> Edge:
    """``O1 > S2``, or ``O1 > S2 text declared`` with its origins."""
    blocker, _, dependent, *origins = text.split()
    return Edge(items[blocker], items[dependent], tuple(origins) or ("native",))


def plan(today: date = TODAY, language: str = "en", **rules: Mapping[str, Any] | None) -> Plan:
    teams = tuple(Team(key, name) for key, name in NAMES.items())
    named = {name.replace("_", "-"): told for name, told in rules.items()}
    return Plan(today=today, teams=teams, goals=GOALS, rules=named, language=language)


def backlog(
    plan: Plan, items: Iterable[Item], edges: Iterable[str], goals: Mapping[str, str] | None = None
) -> Backlog:
    by_id = {one.id: one for one in items}
    found = sorted((edge(text, by_id) for text in edges), key=lambda one: (one[0].id, one[1].id))
    return Backlog(plan=plan, items=by_id, edges=found, goals=goals or {})


def comparison(dod: Mapping[str, Iterable[str]]) -> Comparison:
    """From the criteria that each team has, by id; a team's own words for ``review`` are ``Review``."""
    names = sorted({name for lines in dod.values() for name in lines})
    return Comparison(
        criteria=[
            Criterion(
                id=name,
                text=name,
                baseline=False,
                by_team={team: Wording(name.capitalize()) for team, lines in dod.items() if name in lines},
            )
            for name in names
        ],
        differences=[],
    )
