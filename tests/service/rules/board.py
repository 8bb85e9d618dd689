"""Small backlogs written in a line or two: for cases, and for properties.

An item's first letter is its team: O (online), S (stores), D (data). Its key is ``ONL-1`` for ``O1``.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from service.domain.done import Comparison, Criterion, Wording
from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency, dependency_id
from service.domain.plan.item import Item
from service.domain.plan.product import Goal, Plan, Team
from service.domain.plan.relations import Agreement, Tie, Unresolved

TEAMS = {"O": "online", "S": "stores", "D": "data"}
NAMES = {"online": "Online shop", "stores": "Stores", "data": "Data"}
TODAY = date(2027, 3, 1)  # a Monday
GOALS = (Goal("promo", "Spring promotion"), Goal("speed", "Faster delivery"))


def item(name: str, **told: Any) -> Item:
    team = TEAMS[name[0]]
    values: dict[str, Any] = {
        "id": name,
        "key": f"{team[:3].upper()}-{name[1:]}",
        "source": f"{team}-tracker",
        "team": team,
        "kind": "story",
        "title": f"What {name} is about",
        "state": "todo",
        "created": 0.0,
        "updated": 0.0,
        "is_duplicate": False,
        "labels": (),
        "components": (),
    }
    lists: dict[str, Any] = {name: tuple(told[name]) for name in ("labels", "components") if name in told}
    return Item(**{**dict.fromkeys(Item._fields), **values, **told, **lists})


def edge(text: str, items: Mapping[str, Item]) -> Dependency:
    """``O1 > S2``, or ``O1 > S2 text declared`` with its origins."""
    blocker, _, dependent, *origins = text.split()
    return Dependency(items[blocker], items[dependent], tuple(origins) or ("native",))


def tie(text: str) -> Tie:
    """``O1 conflicts S1 native conflicts with``: one end, the relation, the other, its origin, the words."""
    one, relation, other, origin, *words = text.split()
    return Tie(one, other, cast(Any, relation), origin, " ".join(words))


def plan(
    today: date = TODAY,
    language: str = "en",
    teams: Mapping[str, Mapping[str, Any]] | None = None,
    shared: Mapping[str, int] | None = None,
    **rules: Mapping[str, Any] | None,
) -> Plan:
    """``teams`` says what is not the default of each team: it owns no component, and it has an owner."""
    told = {key: {"owner": f"PO {name}", **(teams or {}).get(key, {})} for key, name in NAMES.items()}
    return Plan(
        today=today,
        teams=tuple(_team(key, **values) for key, values in told.items()),
        goals=GOALS,
        rules={name.replace("_", "-"): settings for name, settings in rules.items()},
        shared=shared or {},
        language=language,
    )


def _team(key: str, owner: str | None, components: Iterable[str] = ()) -> Team:
    return Team(key, NAMES[key], owner, components=tuple(components))


def backlog(
    plan: Plan,
    items: Iterable[Item],
    edges: Iterable[str],
    goals: Mapping[str, str] | None = None,
    **told: Any,
) -> Backlog:
    by_id = {one.id: one for one in items}
    found = sorted((edge(text, by_id) for text in edges), key=lambda one: (one[0].id, one[1].id))
    return Backlog(plan=plan, items=by_id, edges=found, goals=goals or {}, **told)


def unresolved(text: str) -> Unresolved:
    """``S1 ONL-99 text blocked by ONL-99``: the item, the reference, its origin, the words."""
    item, reference, origin, *words = text.split()
    return Unresolved(item, reference, origin, " ".join(words))


def agreements(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Agreement]:
    """By edge, ``O1 > S1``."""
    return {
        dependency_id(*text.split(" > ")): Agreement(**{"date": None, **values})
        for text, values in told.items()
    }


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
