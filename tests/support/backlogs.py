"""Small backlogs for the domain's and the rules' tests: by hand, and at random."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.product import Goal, Plan, Team

TODAY = date(2026, 3, 2)
TEAMS = ("online", "stores", "backoffice", "data")
GOALS = ("first", "second")
PLAN = Plan(
    today=TODAY,
    teams=tuple(Team(key, key.capitalize(), owner=f"PO {key}") for key in TEAMS),
    goals=tuple(Goal(key, key.capitalize()) for key in GOALS),
)


def item(item_id: str, team: str, **values: Any) -> Item:
    """An open story without dates, priority or rank, unless ``values`` say otherwise."""
    told: dict[str, Any] = {
        "id": item_id, "key": item_id.upper(), "source": f"{team}-source", "team": team, "kind": "story",
        "title": f"Title of {item_id}", "state": "todo", "priority": None, "priority_name": None,
        "start": None, "start_from": None, "due": None, "due_from": None, "created": 0.0,
        "closed_on": None, "rank": None, "parent": None, "labels": (), "components": (),
    } | values  # fmt: skip
    told["start_from"] = told["start_from"] or (told["start"] and "field")
    told["due_from"] = told["due_from"] or (told["due"] and "field")
    return Item(**told)


def make_backlog(
    items: Iterable[Item],
    pairs: Iterable[tuple[str, str]],
    *,
    plan: Plan = PLAN,
    goals: Mapping[str, str] | None = None,
    pins: Sequence[str] = (),
) -> Backlog:
    """``pairs`` are (blocker, dependent)."""
    by_id = {one.id: one for one in items}
    edges = [Dependency(by_id[a], by_id[b], ("native",)) for a, b in sorted(set(pairs)) if a != b]
    return Backlog(plan, by_id, edges, goals or {}, pins)


_DAYS = st.none() | st.integers(-40, 120).map(lambda n: TODAY + timedelta(n))


@st.composite
def backlogs(draw: st.DrawFn, most: int = 9) -> Backlog:
    """Several teams, cycles, missing dates, all states."""
    count = draw(st.integers(1, most))
    items = [_drawn_item(draw, f"i{number}") for number in range(count)]
    ids = [one.id for one in items]
    pairs = draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=2 * count))
    goals = {one: draw(st.sampled_from(GOALS)) for one in ids if draw(st.booleans())}
    pins = draw(st.lists(st.sampled_from(ids), max_size=2, unique=True))
    return make_backlog(items, pairs, goals=goals, pins=pins)


def _drawn_item(draw: st.DrawFn, item_id: str) -> Item:
    team = draw(st.sampled_from(TEAMS))
    return item(
        item_id,
        team,
        source=draw(st.sampled_from([f"{team}-one", f"{team}-two"])),
        state=draw(st.sampled_from(["todo", "todo", "doing", "done", "dropped"])),
        priority=draw(st.none() | st.integers(1, 5)),
        start=draw(_DAYS),
        due=draw(_DAYS),
        rank=draw(st.none() | st.sampled_from("abcdef")),
        created=draw(st.sampled_from([1.0, 2.0, 3.0])),
    )
