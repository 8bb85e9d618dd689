"""Components, teams and pairs in more than a handful of items, and in parts of a backlog."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.conflict.finding import Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from service.rules import evaluate, rules, shape_findings
from service.rules.shapes.components import Components, plain
from service.rules.shapes.epics import epics_of
from service.rules.shapes.linked_pairs import linked_pairs
from tests.service.rules import board, naive_components
from tests.service.rules.backlogs import backlogs
from tests.service.rules.changes import changed
from tests.support.examples import examples

EMPTY = Comparison(criteria=[], differences=[])


@st.composite
def crowds(draw: st.DrawFn) -> Backlog:
    """Up to 14 pieces of work on one shared component, close together."""
    windows = st.tuples(st.sampled_from("OSD"), st.integers(-3, 9), st.integers(0, 5), st.booleans())
    items = [
        board.item(
            f"{team}{number}",
            components=["till"],
            start=board.TODAY + timedelta(begin),
            due=board.TODAY + timedelta(begin + length),
            state="doing" if is_doing else "todo",
        )
        for number, (team, begin, length, is_doing) in enumerate(draw(st.lists(windows, max_size=14)))
    ]
    return board.backlog(board.plan(shared={"Till": draw(st.integers(1, 4))}), items, [])


@settings(max_examples=examples(300))
@given(crowds())
def test_the_largest_sets_are_those_of_trying_every_day(backlog: Backlog) -> None:
    wanted = naive_components.components(backlog)
    found = {(one.rule, one.identity): one.severity for one in evaluate(backlog, EMPTY)}
    assert found == {told: expected.severity for told, expected in wanted.items()}


@given(crowds())
def test_work_planned_in_turn_collides_no_more(backlog: Backlog) -> None:
    for finding in collisions(backlog):
        members = {role.item: backlog.items[role.item] for role in finding.roles}
        alone = replace(backlog, items=members)
        moved = changed(alone, finding.wording().fixes[0]["changes"])
        assert collisions(moved) == []
        assert spans(moved) == spans(alone)


def collisions(backlog: Backlog) -> list[Finding]:
    return [one for one in evaluate(backlog, EMPTY) if one.rule == "component-collision"]


def spans(backlog: Backlog) -> dict[str, timedelta]:
    return {one: item.due - item.start for one, item in backlog.items.items() if item.due and item.start}


def test_a_crowd_too_large_to_plan_anew_at_once_says_so_without_dates() -> None:
    items = [
        board.item(f"{team}{number}", components=["till"], start=board.TODAY, due=board.TODAY)
        for team in "OS"
        for number in range(30)
    ]
    [finding] = collisions(board.backlog(board.plan(shared={"till": 1}), items, []))
    text = finding.wording()
    assert text.fixes == ({}, {})
    assert text.suggestions[0] == "Plan the work in turn, so that at most 1 run at the same time."
    assert text.title == (
        "ONL-0 (Online shop), ONL-1 (Online shop), ONL-10 (Online shop), ONL-11 (Online shop) and 56 more "
        "work on till at the same time, on Mon 1 Mar 2027, where at most 1 may."
    )


@given(st.lists(st.sampled_from([*["1", "2"] * 3, "3", "none", "done"]), max_size=45))
def test_a_team_is_inflated_when_the_rulebook_says_so(told: list[str]) -> None:
    items = [board.item(f"O{number}", **_urgency(word)) for number, word in enumerate(told)]
    backlog = board.backlog(board.plan(), items, [])
    found = {(one.rule, one.identity): dict(one.facts) for one in evaluate(backlog, EMPTY)}
    wanted = naive_components.inflated(backlog)
    assert found.keys() == wanted.keys()
    assert all(expected.facts.items() <= found[told].items() for told, expected in wanted.items())


def _urgency(word: str) -> dict[str, Any]:
    if word == "done":
        return {"priority": 1, "state": "done"}
    return {"priority": None if word == "none" else int(word)}


@given(backlogs())
def test_each_item_with_what_lies_above_it_finds_what_the_whole_finds_of_it(backlog: Backlog) -> None:
    whole = of_shape(backlog, "epic")
    alone: dict[str, Finding] = {}
    for item in backlog.items.values():
        part = {one.id: one for one in line(backlog, item)}
        for finding in shape_findings("epic", epics_of(part), backlog.plan):
            alone[finding.id] = finding
    assert alone == whole


def of_shape(backlog: Backlog, shape: str) -> dict[str, Finding]:
    return {one.id: one for one in evaluate(backlog, EMPTY) if rules()[one.rule].shape == shape}


def line(backlog: Backlog, item: Item) -> list[Item]:
    found = [item]
    above = backlog.items.get(item.parent or "")
    while above is not None and above not in found:
        found.append(above)
        above = backlog.items.get(above.parent or "")
    return found


@given(backlogs())
def test_each_pair_alone_finds_what_the_whole_finds_of_it(backlog: Backlog) -> None:
    alone = [
        finding
        for pair in linked_pairs(backlog.ties, backlog.items)
        for finding in shape_findings("pairs", [pair], backlog.plan)
    ]
    assert {one.id: one for one in alone} == of_shape(backlog, "pairs")
    assert len(alone) == len({one.id for one in alone})


@given(backlogs())
def test_each_component_alone_finds_what_the_whole_finds_of_it(backlog: Backlog) -> None:
    alone: dict[str, Finding] = {}
    for component in ("search", "stock", "till"):
        carrying = [one for one in backlog.items.values() if component in map(plain, one.components)]
        part = {above.id: above for one in carrying for above in line(backlog, one)}
        for finding in shape_findings("component", Components(part), backlog.plan):
            if finding.facts.get("component") in (None, component):
                alone[finding.id] = finding
    assert alone == of_shape(backlog, "component")


@given(backlogs(), st.randoms())
def test_the_order_in_which_links_are_read_changes_nothing(backlog: Backlog, random: Random) -> None:
    ties = [*backlog.ties, *backlog.ties[:1]]
    random.shuffle(ties)
    assert evaluate(replace(backlog, ties=ties), EMPTY) == evaluate(backlog, EMPTY)
