from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import overload

import pytest
from hypothesis import given

from service.domain.graph.backlog import Backlog
from service.domain.graph.forecast import Forecasts, forecasts
from service.domain.graph.graph import Graph
from service.domain.graph.planning import planning_of
from service.domain.plan.dates import Mode, date_mode
from service.domain.plan.item import Item
from tests.service.rules import board, naive_chain
from tests.service.rules.backlogs import backlogs


def planned(items: Mapping[str, tuple[int | None, int | None]], edges: Sequence[str]) -> Graph[Item]:
    """Items by name, with the days from today of their start and due."""
    made = {name: board.item(name, start=_day(start), due=_day(due)) for name, (start, due) in items.items()}
    return planning_of([board.edge(text, made) for text in edges]).graph


@overload
def _day(days: int) -> date: ...
@overload
def _day(days: None) -> None: ...
def _day(days: int | None) -> date | None:
    return None if days is None else board.TODAY + timedelta(days=days)


def told(graph: Graph[Item], found: Forecasts) -> dict[str, tuple[int | None, list[str]]]:
    """By name: the forecast in days from today, and its sources."""
    today = board.TODAY.toordinal()
    return {
        item.id: (
            None if (day := found.days[node]) is None else day - today,
            [graph.items[source].id for source in found.sources(node)],
        )
        for node, item in enumerate(graph.items)
    }


@pytest.mark.parametrize(
    ("mode", "ready"), [("sequential", 13), ("concurrent", 10), ("end-to-end", 10)], ids=str
)
def test_the_time_between_start_and_due_is_added_where_work_is_sequential(mode: Mode, ready: int) -> None:
    graph = planned({"O1": (None, 10), "S1": (2, 5)}, ["O1 > S1"])
    assert told(graph, forecasts(graph, mode)) == {"O1": (10, ["O1"]), "S1": (ready, ["O1"])}


def test_an_own_due_that_is_as_late_is_its_own_source() -> None:
    graph = planned({"O1": (None, 10), "S1": (None, 10)}, ["O1 > S1"])
    assert told(graph, forecasts(graph, "sequential"))["S1"] == (10, ["S1"])


def test_blockers_that_tie_are_sources_each() -> None:
    edges = ["O1 > S1", "O2 > S1", "O3 > S1", "S1 > D1"]
    graph = planned(
        {"O1": (None, 10), "O2": (None, 9), "O3": (None, 10), "S1": (None, 5), "D1": (None, None)}, edges
    )
    assert told(graph, forecasts(graph, "sequential"))["D1"] == (10, ["O1", "O3"])


def test_nothing_is_known_without_any_due() -> None:
    graph = planned({"O1": (3, None), "S1": (5, None)}, ["O1 > S1"])
    assert told(graph, forecasts(graph, "sequential")) == {"O1": (None, []), "S1": (None, [])}


def test_a_cycle_has_none_and_what_waits_for_it_has_its_own() -> None:
    items = {"O1": (None, 10), "O2": (None, 20), "S1": (None, 5), "S2": (None, None)}
    graph = planned(items, ["O1 > O2", "O2 > O1", "O2 > S1", "O1 > S2"])
    assert told(graph, forecasts(graph, "sequential")) == {
        "O1": (None, []),
        "O2": (None, []),
        "S1": (5, ["S1"]),
        "S2": (None, []),
    }


def test_a_line_of_thousands_is_walked_without_depth() -> None:
    names = [f"O{number}" for number in range(10000, 15000)]
    edges = [f"{one} > {other}" for one, other in pairwise(names)]
    graph = planned({name: (None, 7 if name == names[0] else None) for name in names}, edges)
    found = forecasts(graph, "sequential")
    assert found.days[-1] == _day(7).toordinal()
    assert found.sources(len(names) - 1) == [0]


@given(backlogs())
def test_forecasts_are_what_the_rulebook_says(backlog: Backlog) -> None:
    graph = backlog.planning.graph
    wanted = {
        one: ((found.day - board.TODAY).days, sorted({way[0] for way in found.ways}))
        for one, found in naive_chain.forecasts(backlog).items()
    }
    found = told(graph, forecasts(graph, date_mode(backlog.plan)))
    assert found == {one: wanted.get(one, (None, [])) for one in found}
