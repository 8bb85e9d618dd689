"""Random small backlogs: several teams, cycles, missing dates, every state and setting."""

from datetime import timedelta
from typing import Any, Literal

from hypothesis import strategies as st

from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from service.domain.plan.relations import Tie, Unresolved
from tests.service.rules import board

IDS = ("O1", "O2", "O10", "S1", "S2", "D1")
EDGE_RULES = (
    *("dependency_dropped", "dependency_date", "dependency_overdue"),
    *("dependency_unplanned", "dependency_unstarted", "dependency_contradiction"),
)

OTHER_RULES = (
    *("dependency_chain", "dependency_cycle", "dependency_unresolved", "dependency_broken_promise"),
    *("dependency_unanswered", "priority_inversion", "order_deadlock", "dod_mismatch"),
    *("exclusive_plans", "component_collision", "epic_overrun", "epic_closed_early", "mirror_drift"),
    *("ownership_overlap", "ownership_gap"),
)

_days = st.none() | st.integers(-40, 110).map(lambda days: board.TODAY + timedelta(days=days))
_near = st.none() | st.integers(-16, 16).map(lambda days: board.TODAY + timedelta(days=days))
_titles = st.sampled_from(["Pay in the shop", "CLONE - Pay in the shop", "Pay at the till", "Search"])
_origins = st.sampled_from(["field", "sprint", "release"])


@st.composite
def _items(draw: st.DrawFn, name: str) -> Item:
    start, due = draw(_near | _days), draw(_near | _days)
    return board.item(
        name,
        kind=draw(st.sampled_from(["story", "story", "epic", "initiative", "subtask"])),
        state=draw(st.sampled_from([*["todo", "doing"] * 4, "done", "dropped"])),
        priority=draw(st.none() | st.integers(1, 5)),
        start=start,
        start_from=draw(_origins) if start else None,
        due=due,
        due_from=draw(_origins) if due else None,
        closed_on=draw(_near | _days),
        rank=draw(st.none() | st.sampled_from("abc")),
        created=draw(st.sampled_from([0.0, 1.0])),
        source=draw(st.sampled_from([f"{name[0]}-one", f"{name[0]}-one", f"{name[0]}-two"])),
        title=draw(_titles),
        is_duplicate=draw(st.sampled_from([False, False, False, True])),
        parent=draw(st.none() | st.sampled_from([one for one in IDS if one != name])),
        components=draw(components),
    )


components = st.lists(st.sampled_from(["Search", " search", "STOCK", "stock", "till"]), max_size=3)


_unresolved = st.builds(
    Unresolved,
    item=st.sampled_from([*IDS, "X1"]),
    reference=st.sampled_from(["ONL-99", "acme/stores#7", "unlisted", "restricted"]),
    origin=st.sampled_from(["native", "text"]),
    words=st.sampled_from(["is blocked by", "needs"]),
)
_agreements = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["requested", "committed", "proposed", "declined"]),
        "needed_by": st.integers(-16, 40).map(lambda days: board.TODAY + timedelta(days=days)),
        "date": _near,
        "asked_on": st.integers(0, 12).map(lambda days: board.TODAY - timedelta(days=days)),
    }
)


@st.composite
def _ties(draw: st.DrawFn) -> Tie:
    one, other = draw(st.lists(st.sampled_from(IDS), min_size=2, max_size=2, unique=True))
    words: dict[Literal["conflicts", "mirrors", "duplicates", "clones"], list[str]] = {
        "conflicts": ["conflicts with", "excludes"],
        "mirrors": ["mirrors", "is mirrored by"],
        "clones": ["clones", "is cloned by"],
        "duplicates": ["duplicates", "is duplicated by"],
    }
    relation = draw(st.sampled_from(sorted(words)))
    origin = draw(st.sampled_from(["native", "remote", "text"]))
    return Tie(one, other, relation, origin, draw(st.sampled_from(words[relation])))


@st.composite
def _teams(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    return {
        name: {"owner": draw(st.sampled_from(["Robin", "Robin", None])), "components": draw(components)}
        for name in board.NAMES
    }


_shared = st.dictionaries(st.sampled_from(["Stock", "search "]), st.integers(1, 3))


@st.composite
def _settings(draw: st.DrawFn) -> dict[str, Any]:
    rules: dict[str, Any] = {name: {} for name in EDGE_RULES}
    for name in EDGE_RULES:
        if draw(st.booleans()):
            rules[name]["scope"] = draw(st.sampled_from(["all", "cross-team"]))
    rules["dependency_date"]["mode"] = draw(st.sampled_from(["sequential", "concurrent", "end-to-end"]))
    if draw(st.booleans()):
        rules["dependency_unplanned"]["horizon"] = timedelta(draw(st.integers(0, 100)))
    if draw(st.booleans()):
        rules["dependency_unanswered"] = {"after": timedelta(draw(st.integers(0, 10)))}
    off = (*EDGE_RULES, *OTHER_RULES)
    rules |= dict.fromkeys(draw(st.lists(st.sampled_from(off), max_size=2)))
    return rules


@st.composite
def backlogs(draw: st.DrawFn) -> Backlog:
    items = [draw(_items(name)) for name in IDS]
    pairs = [f"{one} > {other}" for one in IDS for other in IDS if one != other]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14))
    goals = draw(st.dictionaries(st.sampled_from(IDS), st.sampled_from(["promo", "speed"]), max_size=3))
    language = draw(st.sampled_from(["en", "nl"]))
    plan = board.plan(board.TODAY, language, draw(_teams()), draw(_shared), **draw(_settings()))
    ties = draw(st.lists(_ties(), max_size=6))
    unresolved = draw(st.lists(_unresolved, max_size=3))
    agreements = board.agreements({edge: draw(_agreements) for edge in edges if draw(st.booleans())})
    return board.backlog(plan, items, edges, goals, unresolved=unresolved, agreements=agreements, ties=ties)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    lines = st.lists(st.sampled_from(["review", "tests", "docs"]), unique=True)
    return board.comparison({team: draw(lines) for team in board.NAMES if draw(st.booleans())})
