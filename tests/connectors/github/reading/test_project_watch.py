"""A Project beside a repository: what a poll sees of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.contract import SourceError
from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.answers import project_of, repository_of
from connectors.github.reading.ranking import between, fresh, moved, reranked
from connectors.github.simulator import Fault, GitHubHost, issue, project, project_values
from tests.connectors.github.hosts import STORES, all_pages, titles

PLAN = {"project": "acme/12"}


def planned(count, **more):
    issues = [issue(n, f"Issue {n}", project=project_values(order=n, **more)) for n in range(1, count + 1)]
    return GitHubHost({STORES: issues}, {"acme/12": project("Plan", [STORES])}, token="t")


async def test_a_small_projects_changed_values_and_order_are_found_by_a_poll(opened):
    host = planned(5)

    async def use(connector):
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
    assert (quiet, cost) == ([], 2)
    assert titles(pages) == ["Issue 2", "Issue 4"]
    assert after == []


async def test_rows_that_moved_are_told_again_when_the_delta_was_cut_off(opened):
    host = planned(5)

    async def use(connector):
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 4, project=project_values(order=0))
        host.faults.append(Fault("status", 422, asks="nodes(ids"))
        with pytest.raises(SourceError):
            await all_pages(connector, done)
        return titles(await all_pages(connector, done))

    assert await opened(host, use, **PLAN) == ["Issue 4"]


def moves(pages):
    return [(one.item.rpartition("/")[2], one.id, one.after) for page in pages for one in page.changes]


async def test_the_row_that_moved_is_told_and_no_other(opened):
    host = planned(5)

    async def use(connector):
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


async def test_a_move_is_told_under_the_same_name_after_a_cut_off_delta(opened):
    host = planned(5)

    async def use(connector):
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 2, project=project_values(order=9))
        first = connector.pages(done)
        cut = [await anext(first)]
        await first.aclose()
        return moves(cut), moves(await all_pages(connector, done))

    cut, whole = await opened(host, use, **PLAN)
    assert [way for _, _, way in whole] == ["lower"]
    assert set(cut) <= set(whole)


async def test_an_order_read_anew_tells_of_no_moves(opened):
    host = planned(5)
    await opened(host, all_pages, **PLAN)
    host.put_quietly(STORES, 4, project=project_values(order=0))
    assert moves(await opened(host, all_pages, **PLAN)) == []


async def test_an_issue_that_left_a_small_project_loses_its_values(opened):
    host = planned(3, due="2026-05-01")

    async def use(connector):
        done = (await all_pages(connector))[-1].checkpoint
        host.put_quietly(STORES, 2, project=project_values(order=2, due="2026-05-01", archived=True))
        return [(one.title, one.due) for page in await all_pages(connector, done) for one in page.items]

    assert await opened(host, use, **PLAN) == [("Issue 2", None)]


async def test_a_large_projects_rows_are_left_to_webhooks_and_the_notes_say_so(opened):
    host = planned(130)

    async def use(connector):
        found = await connector.probe()
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        await all_pages(connector, done)
        return found.notes, connector.requests - before

    notes, cost = await opened(host, use, **PLAN)
    assert cost == 1
    assert any("130 rows" in one and "webhooks" in one for one in notes)


async def test_the_order_of_a_project_costs_a_request_per_hundred_rows(opened):
    host = planned(250)

    async def use(connector):
        await all_pages(connector)
        return connector.requests

    assert await opened(host, use, **PLAN) <= 2 * 3 + 4


@pytest.mark.parametrize(
    ("mapped", "word"),
    [({"due": "Deadline"}, "no field named 'Deadline'"), ({"due": "Priority"}, "expected a date")],
)
async def test_a_mapped_field_that_is_gone_or_of_another_type_is_a_mapping_error(opened, mapped, word):
    with pytest.raises(SourceError) as raised:
        await opened(
            planned(2, priority="High"),
            lambda connector: connector.probe(),
            mapping={"fields": mapped},
            **PLAN,
        )
    assert raised.value.reason == "mapping"
    assert word in str(raised.value)


async def test_a_probe_says_which_fields_stand_for_what(opened):
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


async def test_an_edited_issue_of_a_small_project_is_read_once(opened):
    host = planned(5)

    async def use(connector):
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        host.put(STORES, issue(3, "Edited", project=project_values(order=3)))
        pages = await all_pages(connector, done)
        return titles(pages), connector.requests - before

    assert await opened(host, use, **PLAN) == (["Edited"], 3)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("INSUFFICIENT_SCOPES", "authentication"), ("FORBIDDEN", "authentication"), ("NOT_FOUND", "not-found")],
)
def test_a_project_that_is_not_shown_says_why(options, kind, reason):
    answer = GraphAnswer({"repositoryOwner": {"projectV2": None}}, [{"type": kind}])
    with pytest.raises(SourceError) as raised:
        project_of(answer, options(**PLAN))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "reason"), [("FORBIDDEN", "authentication"), ("NOT_FOUND", "not-found"), (None, "answer")]
)
def test_a_repository_whose_issues_are_not_shown_says_why(kind, reason):
    answer = GraphAnswer({"repository": None}, [{"type": kind, "path": ["repository", "issues"]}])
    with pytest.raises(SourceError) as raised:
        repository_of(answer, STORES)
    assert raised.value.reason == reason


RANKS = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6).filter(
    lambda one: not one.endswith("0")
)


@given(RANKS, RANKS)
def test_there_is_always_a_rank_between_two(one, other):
    if one == other:
        return
    low, high = sorted((one, other))
    assert low < between(low, high) < high
    assert between(None, low) < low < between(low, None)


@given(st.lists(st.permutations(list("abcdefgh")), min_size=1, max_size=6))
def test_ranks_follow_the_order_whatever_moves(orders):
    ranks: dict[str, str] = {}
    for order in orders:
        ranks = reranked(order, ranks)
        assert sorted(ranks, key=ranks.__getitem__) == list(order)


def test_one_row_that_moves_changes_one_rank():
    names = [f"I_{n}" for n in range(1000)]
    before = fresh(names)
    after = reranked([names[-1], *names[:-1]], before)
    assert [name for name in names if after[name] != before[name]] == [names[-1]]
    assert moved([names[-1], *names[:-1]], before) == {names[-1]: "higher"}
    assert moved([*names[1:], names[0], "I_new"], before) == {names[0]: "lower"}
    assert moved(names[::2], before) == {}
