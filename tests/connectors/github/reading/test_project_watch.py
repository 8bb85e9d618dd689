"""A Project beside a repository: what a poll sees of it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import Page, SourceError
from connectors.github.api.session import GraphAnswer
from connectors.github.client import GitHub
from connectors.github.graphql.answers import project_of, repository_of
from connectors.github.reading.ranking import between, fresh, moved, reranked
from connectors.github.simulator import Fault, GitHubHost, issue, project, project_values
from tests.connectors.github.hosts import STORES, MakeOptions, Opened, all_pages, titles

Move = tuple[str, str, str | None]  # node id, name of the change, way
PLAN = {"project": "acme/12"}


def planned(count: int, **more: Any) -> GitHubHost:
    issues = [issue(n, f"Issue {n}", project=project_values(order=n, **more)) for n in range(1, count + 1)]
    return GitHubHost({STORES: issues}, {"acme/12": project("Plan", [STORES])}, token="t")


async def test_a_small_projects_changed_values_and_order_are_found_by_a_poll(opened: Opened) -> None:
    host = planned(5)

    async def use(connector: GitHub) -> tuple[list[str], int, list[Page], list[str]]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        quiet = await all_pages(connector, done)
        cost = connector.requests - before
        moved = project_values(order=0)
        valued = project_values(order=2, due="2026-05-01", updated_at="2999-01-01T00:00:00Z")
        host.put_quietly(STORES, 4, project=moved)
        host.put_quietly(STORES, 2, project=valued)
        pages = await all_pages(connector, quiet[-1].checkpoint)
        return titles(quiet), cost, pages, titles(await all_pages(connector, pages[-1].checkpoint))

    quiet, cost, pages, after = await opened(host, use, **PLAN)
    assert (quiet, cost) == ([], 1)
    assert titles(pages) == ["Issue 2", "Issue 4"]
    assert after == []


async def test_rows_that_moved_are_told_again_when_the_delta_was_cut_off(opened: Opened) -> None:
    host = planned(5)

    async def use(connector: GitHub) -> list[str]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 4, project=project_values(order=0))
        host.faults.append(Fault("status", 422, asks="nodes(ids"))
        with pytest.raises(SourceError):
            await all_pages(connector, done)
        return titles(await all_pages(connector, done))

    assert await opened(host, use, **PLAN) == ["Issue 4"]


def moves(pages: Iterable[Page]) -> list[Move]:
    return [(one.item.rpartition("/")[2], one.id, one.after) for page in pages for one in page.changes]


async def test_the_row_that_moved_is_told_and_no_other(opened: Opened) -> None:
    host = planned(5)

    async def use(connector: GitHub) -> tuple[list[Move], list[Move], list[Page], list[Move]]:
        pages = await all_pages(connector)
        host.put_quietly(STORES, 4, project=project_values(order=0))
        later = await all_pages(connector, pages[-1].checkpoint)
        return moves(pages), moves(later), later, moves(await all_pages(connector, later[-1].checkpoint))

    first, told, pages, after = await opened(host, use, **PLAN)
    [(node_id, ref, way)] = told
    assert (first, after) == ([], [])
    assert [one.identity.rpartition("/")[2] for page in pages for one in page.items] == [node_id]
    assert ref.startswith("read:")
    assert way == "higher"


async def test_a_move_is_told_under_the_same_name_after_a_cut_off_delta(opened: Opened) -> None:
    host = planned(5)

    async def use(connector: GitHub) -> tuple[list[Move], list[Move]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 2, project=project_values(order=9))
        first = connector.pages(done)
        cut = [await anext(first)]
        return moves(cut), moves(await all_pages(connector, done))

    cut, whole = await opened(host, use, **PLAN)
    assert [way for _, _, way in whole] == ["lower"]
    assert set(cut) <= set(whole)


async def test_an_order_read_anew_tells_of_no_moves(opened: Opened) -> None:
    host = planned(5)
    await opened(host, all_pages, **PLAN)
    host.put_quietly(STORES, 4, project=project_values(order=0))
    assert moves(await opened(host, all_pages, **PLAN)) == []


async def test_an_issue_that_left_a_small_project_loses_its_values(opened: Opened) -> None:
    host = planned(3, due="2026-05-01")

    async def use(connector: GitHub) -> list[tuple[str, date | None]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 2, project=project_values(order=2, due="2026-05-01", archived=True))
        return [(one.title, one.due) for page in await all_pages(connector, done) for one in page.items]

    assert await opened(host, use, **PLAN) == [("Issue 2", None)]


async def test_a_large_projects_rows_are_left_to_webhooks_and_the_notes_say_so(opened: Opened) -> None:
    host = planned(130)

    async def use(connector: GitHub) -> tuple[Sequence[str], int]:
        found = await connector.probe()
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        await all_pages(connector, done)
        return found.notes, connector.requests - before

    notes, cost = await opened(host, use, **PLAN)
    assert cost == 1
    assert any("130 rows" in one and "webhooks" in one for one in notes)


async def test_the_order_of_a_project_costs_a_request_per_hundred_rows(opened: Opened) -> None:
    host = planned(250)

    async def use(connector: GitHub) -> int:
        await all_pages(connector)
        return connector.requests

    assert await opened(host, use, **PLAN) <= 2 * 3 + 4


@pytest.mark.parametrize(
    ("mapped", "word"),
    [({"due": "Deadline"}, "no field named 'Deadline'"), ({"due": "Priority"}, "expected a date")],
)
async def test_a_mapped_field_that_is_gone_or_of_another_type_is_a_mapping_error(
    opened: Opened, mapped: dict[str, str], word: str
) -> None:
    with pytest.raises(SourceError) as raised:
        await opened(
            planned(2, priority="High"),
            lambda connector: connector.probe(),
            mapping={"fields": mapped},
            **PLAN,
        )
    assert raised.value.reason == "mapping"
    assert word in str(raised.value)


async def test_a_probe_says_which_fields_stand_for_what(opened: Opened) -> None:
    found = await opened(
        planned(2, priority="High", due="2026-01-01", estimate=3, Effort=2.0),
        lambda connector: connector.probe(),
        mapping={"fields": {"estimate": "effort"}},
        **PLAN,
    )
    assert found.fields == {
        "due": "Target date (Project)",
        "estimate": "Effort (Project)",
        "priority": "Priority (Project)",
    }


async def test_an_edited_issue_of_a_small_project_is_read_once(opened: Opened) -> None:
    host = planned(5)

    async def use(connector: GitHub) -> tuple[list[str], int]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        host.put(STORES, issue(3, "Edited", project=project_values(order=3)))
        pages = await all_pages(connector, done)
        return titles(pages), connector.requests - before

    assert await opened(host, use, **PLAN) == (["Edited"], 2)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("INSUFFICIENT_SCOPES", "authentication"), ("FORBIDDEN", "authentication"), ("NOT_FOUND", "not-found")],
)
def test_a_project_that_is_not_shown_says_why(options: MakeOptions, kind: str, reason: str) -> None:
    answer = GraphAnswer({"repositoryOwner": {"projectV2": None}}, [{"type": kind}])
    with pytest.raises(SourceError) as raised:
        project_of(answer, options(**PLAN))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "reason"), [("FORBIDDEN", "authentication"), ("NOT_FOUND", "not-found"), (None, "answer")]
)
def test_a_repository_whose_issues_are_not_shown_says_why(kind: str | None, reason: str) -> None:
    answer = GraphAnswer({"repository": None}, [{"type": kind, "path": ["repository", "issues"]}])
    with pytest.raises(SourceError) as raised:
        repository_of(answer, STORES)
    assert raised.value.reason == reason


RANKS = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6).filter(
    lambda one: not one.endswith("0")
)


@given(RANKS, RANKS)
def test_there_is_always_a_rank_between_two(one: str, other: str) -> None:
    if one == other:
        return
    low, high = sorted((one, other))
    assert low < between(low, high) < high
    assert between(None, low) < low < between(low, None)


@given(st.lists(st.permutations(list("abcdefgh")), min_size=1, max_size=6))
def test_ranks_follow_the_order_whatever_moves(orders: list[list[str]]) -> None:
    ranks: dict[str, str] = {}
    for order in orders:
        ranks = reranked(order, ranks)
        assert sorted(ranks, key=ranks.__getitem__) == list(order)


def test_one_row_that_moves_changes_one_rank() -> None:
    names = [f"I_{n}" for n in range(1000)]
    before = fresh(names)
    after = reranked([names[-1], *names[:-1]], before)
    assert [name for name in names if after[name] != before[name]] == [names[-1]]
    assert moved([names[-1], *names[:-1]], before) == {names[-1]: "higher"}
    assert moved([*names[1:], names[0], "I_new"], before) == {names[0]: "lower"}
    assert moved(names[::2], before) == {}
