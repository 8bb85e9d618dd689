"""Graphs beside networkx, and one rule beside the same rule in SQL: same data, same run, same results."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson
from sqlalchemy import select, text

from service.domain.conflict.finding import conflict_id
from service.domain.graph.backlog import Backlog
from service.domain.graph.dependency_cycles import cycles_of
from service.domain.graph.forecast import forecasts, span
from service.domain.graph.graph import Graph
from service.domain.graph.planning import planning_of
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.flow.analysis.full import _take, analyse, uncollected
from service.flow.analysis.judge import judge_backlog
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.rules import rules
from service.store.tables import conflict

T = TypeVar("T")

_LATE = """
SELECT dependency.blocker, dependency.dependent,
       julianday(blocker.due) - julianday(coalesce(dependent.start, dependent.due))
FROM dependency
JOIN item AS blocker ON blocker.id = dependency.blocker
JOIN item AS dependent ON dependent.id = dependency.dependent
WHERE blocker.is_open AND dependent.is_open AND blocker.team <> dependent.team
  AND blocker.due > coalesce(dependent.start, dependent.due)
"""


async def bench(context: Context, count: int) -> None:
    await analyse(context)
    with uncollected():
        taken = await _take(context)
        backlog = judge_backlog(taken, plan_of(context.product, context.today), context.product).backlog
        _graphs(backlog)
        await _rule(context, backlog)


def _timed(work: Callable[[], T]) -> tuple[T, str]:
    begun = time.perf_counter()
    found = work()
    return found, f"{time.perf_counter() - begun:.2f} s"


def _tell(what: str, told: str) -> None:
    print(f"| {what} | {told} |", flush=True)


def _graphs(backlog: Backlog) -> None:
    import networkx

    edges = [edge for edge in backlog.edges if edge.is_open]
    graph, took = _timed(lambda: planning_of(edges).graph)
    peer, its = _timed(lambda: networkx.DiGraph([(edge.blocker.id, edge.dependent.id) for edge in edges]))
    _tell(f"the graph of {len(edges):,} open dependencies; networkx's", f"{took}; {its}")
    ours, took = _timed(lambda: _circles(graph))
    theirs, its = _timed(lambda: {frozenset(one) for one in networkx.strongly_connected_components(peer)})
    theirs = {one for one in theirs if len(one) > 1}
    _check(ours, theirs)
    _tell(f"its circles ({len(ours):,}); with networkx", f"{took}; {its}")
    ready, took = _timed(lambda: forecasts(graph, "sequential").days)
    peer.remove_nodes_from([node for circle in theirs for node in circle])
    expected, its = _timed(lambda: _ready(networkx.topological_sort(peer), peer, backlog))
    _check({item.id: day for item, day in zip(graph.items, ready, strict=True) if day is not None}, expected)
    _tell("its longest ways, as forecasts; with networkx", f"{took}; {its}")


def _circles(graph: Graph[Item]) -> set[frozenset[str]]:
    return {
        frozenset(graph.items[node].id for node in one) for one in cycles_of(graph.blockers, graph.dependents)
    }


def _ready(order: Any, peer: Any, backlog: Backlog) -> dict[str, int]:
    """The rulebook's forecast by networkx's order and predecessors."""
    days: dict[str, int] = {}
    for node in order:
        item = backlog.items[node]
        blocked = [days[one] for one in peer.predecessors(node) if one in days]
        due = [item.due.toordinal()] if item.due else []
        told = due + ([max(blocked) + span(item, "sequential")] if blocked else [])
        if told:
            days[node] = max(told)
    return days


async def _rule(context: Context, backlog: Backlog) -> None:
    rule = rules()["dependency-date"]
    settings = rule.settings()
    late, took = _timed(lambda: _found(backlog.edges, lambda edge: rule.find(edge, backlog.plan, settings)))
    async with context.database.read() as connection:
        begun = time.perf_counter()
        rows = (await connection.execute(text(_LATE))).all()
        its = f"{time.perf_counter() - begun:.2f} s"
        query = select(conflict.c.id, conflict.c.body).where(
            conflict.c.kind == rule.name, conflict.c.state != "resolved"
        )
        stored = {row[0]: orjson.loads(row[1]) for row in await connection.execute(query)}
    in_sql = {(row[0], row[1]): int(row[2]) for row in rows}
    _check(late, in_sql)
    told = {conflict_id(rule.name, pair): days for pair, days in in_sql.items()}
    _check({one: body["facts"]["days_late"] for one, body in stored.items()}, told)
    _tell(
        f"dependency-date over {len(backlog.edges):,} loaded dependencies, {len(late):,} found and worded; "
        "as one SQL statement in SQLite, wordless",
        f"{took}; {its}",
    )


def _found(edges: Sequence[Dependency], find: Callable[[Dependency], Any]) -> dict[tuple[str, str], int]:
    found = {}
    for edge in edges:
        if edge.crosses_teams and (hit := find(edge)) is not None:
            hit.wording()
            found[edge.blocker.id, edge.dependent.id] = hit.facts["days_late"]
    return found


def _check(ours: Any, theirs: Any) -> None:
    if ours != theirs:
        raise RuntimeError("results differ")
