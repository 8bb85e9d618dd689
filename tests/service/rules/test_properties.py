from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.conflict.finding import SEVERITIES, Finding, Text
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.rules import (
    dependency_findings,
    dependency_health,
    evaluate,
    network_of,
    place,
    reported,
    rules,
    shape_findings,
)
from tests.service.rules import naive
from tests.service.rules.backlogs import IDS, backlogs, comparisons
from tests.support.examples import examples

EMPTY = Comparison(criteria=[], differences=[])


@settings(max_examples=examples(300), deadline=None)
@given(backlogs(), comparisons())
def test_the_rules_find_what_the_rulebook_says_word_for_word(backlog: Backlog, dod: Comparison) -> None:
    wanted = naive.evaluate(backlog, dod)
    found = {(finding.rule, finding.identity): finding for finding in evaluate(backlog, dod)}
    assert {told: as_expected(finding, wanted[told].facts) for told, finding in found.items()} == wanted


def as_expected(finding: Finding, facts: dict[str, object]) -> naive.Expected:
    return naive.Expected(
        severity=finding.severity,
        facts={name: _facts(finding)[name] for name in facts},
        roles={(role.item, role.role) for role in finding.roles},
        edges=set(finding.edges),
    )


def _facts(finding: Finding) -> dict[str, object]:
    """With what the naive rules say of several items in one word."""
    endangered = finding.facts.get("endangered", ())
    return {
        **finding.facts,
        "paths": {one["item"]: one["path"] for one in endangered},
        "days": {one["item"]: one["days_late"] for one in endangered},
    }


@given(backlogs(), comparisons())
def test_findings_come_most_severe_first_then_in_the_rulebooks_order_then_by_id(
    backlog: Backlog, dod: Comparison
) -> None:
    places = [(-SEVERITIES.index(one.severity), place(one.rule), one.id) for one in evaluate(backlog, dod)]
    assert places == sorted(set(places))


@given(backlogs(), comparisons(), st.permutations(IDS), st.randoms())
def test_the_order_in_which_rows_are_read_changes_nothing(
    backlog: Backlog, dod: Comparison, ids: list[str], random: Random
) -> None:
    edges = list(backlog.edges)
    random.shuffle(edges)
    shuffled = replace(backlog, items={one: backlog.items[one] for one in ids}, edges=edges)
    assert worded(evaluate(shuffled, dod)) == worded(evaluate(backlog, dod))


@given(backlogs(), comparisons())
def test_ids_do_not_change_with_titles_keys_and_dates(backlog: Backlog, dod: Comparison) -> None:
    day = timedelta(days=3)
    items = {
        one: item._replace(
            title=f"{item.title.upper()}!",
            key=f"{item.key}00",
            start=item.start and item.start + day,
            due=item.due and item.due + day,
            closed_on=item.closed_on and item.closed_on + day,
        )
        for one, item in backlog.items.items()
    }
    edges = [
        Dependency(items[edge.blocker.id], items[edge.dependent.id], edge.origins) for edge in backlog.edges
    ]
    plan = replace(backlog.plan, today=backlog.plan.today + day)
    agreements = {
        one: told._replace(
            needed_by=told.needed_by + day, date=told.date and told.date + day, asked_on=told.asked_on + day
        )
        for one, told in backlog.agreements.items()
    }
    later = replace(backlog, plan=plan, items=items, edges=edges, agreements=agreements)
    assert ids(evaluate(later, dod)) == ids(evaluate(backlog, dod))


def worded(findings: list[Finding]) -> list[tuple[Finding, Text]]:
    return [(finding, finding.wording()) for finding in findings]


def ids(findings: list[Finding]) -> set[str]:
    return {finding.id for finding in findings}


@given(backlogs())
def test_the_neighbourhoods_of_all_changes_find_what_the_whole_finds(backlog: Backlog) -> None:
    parts = weakly_connected(backlog.edges)
    alone = [finding for edge in backlog.edges for finding in dependency_findings([edge], backlog.plan)]
    told = list(alone)
    for part in parts:
        seen = network_of(part, reported(told))
        alone += shape_findings("graph", seen, backlog.plan)
    whole = [one for one in evaluate(backlog, EMPTY) if rules()[one.rule].shape in ("edge", "graph")]
    by_id = attrgetter("id")
    assert worded(sorted(alone, key=by_id)) == worded(sorted(whole, key=by_id))


def weakly_connected(edges: Sequence[Dependency]) -> list[list[Dependency]]:
    parts: list[list[Dependency]] = []
    for edge in edges:
        ends = {edge.blocker.id, edge.dependent.id}
        touched = [part for part in parts if any(ends & {one[0].id, one[1].id} for one in part)]
        parts = [part for part in parts if part not in touched]
        parts.append([one for part in touched for one in part] + [edge])
    return parts


@given(backlogs(), comparisons())
def test_an_edge_is_healthy_when_no_conflict_is_with_it(backlog: Backlog, dod: Comparison) -> None:
    found = evaluate(backlog, dod)
    health = dependency_health(backlog.edges, found)
    touched = {one for finding in found for one in finding.edges}
    assert {one for one, told in health.items() if told != "ok"} == touched
    assert list(health) == [edge.id for edge in backlog.edges]


@given(backlogs(), comparisons())
def test_every_sentence_is_whole(backlog: Backlog, dod: Comparison) -> None:
    for finding in evaluate(backlog, dod):
        text = finding.wording()
        for sentence in (text.title, text.explanation, *text.suggestions):
            assert sentence.endswith(".")
            assert not any(sign in sentence for sign in ("{", "}", "None", "  ", ".."))
