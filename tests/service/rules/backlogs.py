"""Random small backlogs: several teams, cycles, missing dates, every state and setting."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from service.domain.backlog import Backlog
from service.domain.done import Comparison
from service.domain.item import Item
from tests.service.rules import board

IDS = ("O1", "O2", "O10", "S1", "S2", "D1")
EDGE_RULES = (
    *("dependency_dropped", "dependency_date", "dependency_overdue"),
    *("dependency_unplanned", "dependency_unstarted"),
)

_days = st.none() | st.integers(-40, 110).map(lambda days: board.TODAY + timedelta(days=days))
_near = st.none() | st.integers(-16, 16).map(lambda days: board.TODAY + timedelta(days=days))
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
        parent=draw(st.none() | st.sampled_from([one for one in IDS if one != name])),
    )


@st.composite
def _settings(draw: st.DrawFn) -> dict[str, Any]:
    rules: dict[str, Any] = {name: {} for name in EDGE_RULES}
    for name in EDGE_RULES:
        if draw(st.booleans()):
            rules[name]["scope"] = draw(st.sampled_from(["all", "cross-team"]))
    rules["dependency_date"]["mode"] = draw(st.sampled_from(["sequential", "concurrent", "end-to-end"]))
    if draw(st.booleans()):
        rules["dependency_unplanned"]["horizon"] = timedelta(draw(st.integers(0, 100)))
    off = (*EDGE_RULES, "dependency_cycle", "priority_inversion", "dod_mismatch")
    rules |= dict.fromkeys(draw(st.lists(st.sampled_from(off), max_size=2)))
    return rules


@st.composite
def backlogs(draw: st.DrawFn) -> Backlog:
    items = [draw(_items(name)) for name in IDS]
    pairs = [f"{one} > {other}" for one in IDS for other in IDS if one != other]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14))
    goals = draw(st.dictionaries(st.sampled_from(IDS), st.sampled_from(["promo", "speed"]), max_size=3))
    language = draw(st.sampled_from(["en", "nl"]))
    return board.backlog(board.plan(language=language, **draw(_settings())), items, edges, goals)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    lines = st.lists(st.sampled_from(["review", "tests", "docs"]), unique=True)
    return board.comparison({team: draw(lines) for team in board.NAMES if draw(st.booleans())})
