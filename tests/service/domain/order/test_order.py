"""The overarching order, beside a second implementation written from the rulebook's sentences alone."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.order.order import Order, overarching_order
from service.domain.order.reasons import Reasons, revived, stored
from service.domain.plan.item import Item
from tests.support.backlogs import TODAY, backlogs, item, make_backlog
from tests.support.examples import examples


def place(order: Sequence[str], one: str) -> int:
    return order.index(one)


def test_a_blocker_stands_before_what_waits_for_it_however_urgent_that_is() -> None:
    backlog = make_backlog([item("a", "online", priority=1), item("b", "stores", priority=5)], [("b", "a")])
    assert overarching_order(backlog).sequence == ["b", "a"]


def test_a_team_s_own_order_is_kept() -> None:
    urgent_last = [item("a", "online", rank="1", priority=5), item("b", "online", rank="2", priority=1)]
    assert overarching_order(make_backlog(urgent_last, [])).sequence == ["a", "b"]


def test_where_nothing_binds_the_effective_priority_decides() -> None:
    items = [
        item("a", "online", priority=2),
        item("b", "stores", priority=4),
        item("c", "data", priority=1),
    ]
    assert overarching_order(make_backlog(items, [("b", "c")])).sequence == ["b", "c", "a"]


def test_an_unknown_priority_counts_as_three() -> None:
    items = [item("a", "online", priority=4), item("b", "stores"), item("c", "data", priority=2)]
    assert overarching_order(make_backlog(items, [])).sequence == ["c", "b", "a"]


def test_of_equal_priorities_the_goal_decides_and_none_comes_last() -> None:
    items = [item("a", "online"), item("b", "stores"), item("c", "data")]
    goals = {"b": "second", "c": "first"}
    assert overarching_order(make_backlog(items, [], goals=goals)).sequence == ["c", "b", "a"]


def test_then_the_earliest_day_it_is_needed_downstream_decides() -> None:
    items = [
        item("a", "online", due=TODAY + timedelta(20)),
        item("b", "stores"),
        item("c", "data", start=TODAY + timedelta(10), due=TODAY + timedelta(90)),
    ]
    assert overarching_order(make_backlog(items, [("b", "c")])).sequence == ["b", "a", "c"]


def test_then_the_place_in_the_team_s_chain_then_the_team_s_place_in_the_file() -> None:
    items = [
        item("a1", "stores", rank="1"),
        item("a2", "stores", rank="2"),
        item("b1", "online", rank="1"),
        item("b2", "online", rank="2"),
    ]
    assert overarching_order(make_backlog(items, [])).sequence == ["b1", "a1", "b2", "a2"]


def test_pinned_items_and_what_they_need_come_first_in_pinned_order() -> None:
    items = [
        item("a", "online", priority=1),
        item("b", "stores", priority=5),
        item("c", "data", priority=5),
        item("d", "backoffice", priority=4),
    ]
    order = overarching_order(make_backlog(items, [("c", "b")], pins=["b", "d"])).sequence
    assert order == ["c", "b", "d", "a"]


def test_a_cycle_is_broken_at_its_least_urgent_member() -> None:
    items = [
        item("a", "online", priority=1),
        item("b", "stores", priority=4),
        item("c", "data", priority=2),
    ]
    order = overarching_order(make_backlog(items, [("a", "b"), ("b", "c"), ("c", "a")])).sequence
    assert order == ["c", "a", "b"]


def test_closed_items_are_not_in_it() -> None:
    items = [item("a", "online", state="done"), item("b", "stores")]
    assert overarching_order(make_backlog(items, [("a", "b")])).sequence == ["b"]


def reasons_of(order: Order) -> dict[str, Reasons]:
    return {one: order.because(place) for place, one in enumerate(order.effective)}


def test_an_item_says_what_it_waited_for_only_if_it_was_held_back() -> None:
    items = [
        item("a", "online", priority=1),
        item("b", "stores", priority=1, rank="2"),
        item("c", "stores", priority=5, rank="1"),
    ]
    order = overarching_order(make_backlog(items, []))
    assert order.sequence == ["a", "c", "b"]
    reasons = reasons_of(order)
    held = reasons["b"].after
    assert held is not None
    assert (held.item, held.relation) == ("c", "team-order")
    assert reasons["a"].after is None
    assert reasons["c"].after is None


def test_on_a_cycle_an_item_is_downstream_of_itself() -> None:
    """So its own start is a day on which it is needed."""
    items = [
        item("a", "online", start=TODAY, due=TODAY + timedelta(90)),
        item("b", "stores", due=TODAY + timedelta(20)),
        item("c", "data", due=TODAY + timedelta(50)),
    ]
    order = overarching_order(make_backlog(items, [("a", "b"), ("b", "a")]))
    assert order.sequence == ["b", "a", "c"]
    assert reasons_of(order)["a"].needed == TODAY.toordinal()


@given(backlogs())
@settings(max_examples=examples(300), deadline=None)
def test_it_equals_the_rulebook_s_own_words(backlog: Backlog) -> None:
    assert list(overarching_order(backlog).sequence) == _naive(backlog)


@given(backlogs())
@settings(max_examples=examples(200), deadline=None)
def test_every_open_item_stands_in_it_once(backlog: Backlog) -> None:
    order = overarching_order(backlog)
    assert sorted(order.sequence) == sorted(one.id for one in backlog.items.values() if one.is_open)


@given(backlogs(), st.randoms())
@settings(max_examples=examples(100), deadline=None)
def test_it_does_not_depend_on_the_order_of_what_it_is_given(backlog: Backlog, dice: object) -> None:
    shuffled = list(backlog.items.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    other = Backlog(backlog.plan, dict(shuffled), backlog.edges, backlog.goals, backlog.pins, backlog.dod)
    assert overarching_order(other).sequence == overarching_order(backlog).sequence


@given(backlogs())
@settings(max_examples=examples(100), deadline=None)
def test_reasons_survive_being_stored(backlog: Backlog) -> None:
    for reasons in reasons_of(overarching_order(backlog)).values():
        assert revived(stored(reasons), reasons.chain) == reasons


def _naive(backlog: Backlog) -> list[str]:
    """Sentence by sentence, over sets of pairs, without any thought of cost."""
    items = {one.id: one for one in backlog.items.values() if one.is_open}
    depends = {(e.blocker.id, e.dependent.id) for e in backlog.edges if e.is_open}
    chains = _chains(items)
    chained = {(a, b) for chain in chains for n, a in enumerate(chain) for b in chain[n + 1 :]}
    whole = depends | chained
    keep = {pair for pair in whole if not _joined(whole, *pair)}  # rule 1: outside components of G
    inside = {pair for pair in depends if _joined(whole, *pair)}
    keep |= _broken(items, inside, depends)
    return _greedy(backlog, items, depends, chains, keep)


def _chains(items: Mapping[str, Item]) -> list[list[str]]:
    groups: dict[tuple[str, str], list[Item]] = {}
    for one in items.values():
        groups.setdefault((one.team, one.source), []).append(one)
    return [
        [
            one.id
            for one in sorted(
                group,
                key=lambda one: (
                    one.rank is None,
                    one.rank or "",
                    one.priority or 3,
                    one.created,
                    one.id,
                ),
            )
        ]
        for group in groups.values()
    ]


def _reach(pairs: set[tuple[str, str]], start: str) -> set[str]:
    found: set[str] = set()
    pending = [start]
    while pending:
        one = pending.pop()
        for a, b in pairs:
            if a == one and b not in found:
                found.add(b)
                pending.append(b)
    return found


def _joined(pairs: set[tuple[str, str]], one: str, other: str) -> bool:
    return other in _reach(pairs, one) and one in _reach(pairs, other)


def _broken(
    items: Mapping[str, Item], inside: set[tuple[str, str]], depends: set[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Rule 2. A dependency cycle is a component of dependencies; it is broken until none is left."""
    keep, left = set(inside), set(depends)
    while True:
        cyclic = {one for one in items if one in _reach(left, one)}
        if not cyclic:
            return keep
        member = min(cyclic)
        cycle = {one for one in cyclic if one == member or _joined(left, member, one)}
        last = max(cycle, key=lambda one: (items[one].priority or 3, items[one].due or date.min, one))
        waits = {(last, other) for other in cycle}
        keep = (keep - waits) | {(other, last) for other in cycle - {last}}
        left = {pair for pair in left if not (last in pair and pair[0] in cycle and pair[1] in cycle)}


def _greedy(
    backlog: Backlog,
    items: Mapping[str, Item],
    depends: set[tuple[str, str]],
    chains: list[list[str]],
    keep: set[tuple[str, str]],
) -> list[str]:
    before = {one: {a for a, b in keep if b == one} for one in items}
    goals = [goal.key for goal in backlog.plan.goals]
    teams = [team.key for team in backlog.plan.teams]
    pins = [pin for pin in backlog.pins if pin in items]
    backwards = {(b, a) for a, b in keep}

    def wish(one: str) -> tuple[object, ...]:
        down = _reach(depends, one)
        priorities = [items[x].priority for x in down | {one}]
        needs = [items[x].start or items[x].due for x in down] + [items[one].due]
        pinned = [n for n, pin in enumerate(pins) if one == pin or one in _reach(backwards, pin)]
        return (
            min(pinned, default=10**9),
            min((p for p in priorities if p is not None), default=3),
            goals.index(backlog.goals[one]) if one in backlog.goals else len(goals),
            min((day for day in needs if day), default=date.max),
            next(chain.index(one) for chain in chains if one in chain),
            teams.index(items[one].team),
            one,
        )

    wishes = {one: wish(one) for one in items}
    found: list[str] = []
    while len(found) < len(items):
        free = [one for one in items if one not in found and before[one] <= set(found)]
        found.append(min(free, key=wishes.__getitem__))
    return found


@pytest.mark.parametrize("size", [20_000])
def test_thousands_of_items_in_one_circle_end_in_time(size: int) -> None:
    items = [item(f"i{n:05}", "online" if n % 2 else "stores", rank=f"{n:05}") for n in range(size)]
    ring = [(f"i{n:05}", f"i{(n + 1) % size:05}") for n in range(size)]
    assert len(overarching_order(make_backlog(items, ring)).sequence) == size
