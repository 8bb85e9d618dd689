"""Every question gets smaller when the host fails above so many rows, and grows again."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors import transport
from connectors.contract import Page
from connectors.github.page_size import PageSize
from connectors.github.simulator import GitHubHost, issue, milestone, project, project_values
from tests.connectors.github.hosts import STORES, all_identities, all_pages, items, moment

COUNT = 130
MILESTONES = [milestone(number, f"M{number}") for number in range(1, 71)]


def planned(**more: Any) -> GitHubHost:
    stores = [
        issue(
            number,
            f"Issue {number}",
            labels=[f"epic {n}" for n in range(80)] if number == 1 else ["bug"],
            blocked_by=[(STORES, n) for n in range(2, 72)] if number == 1 else [],
            milestone=MILESTONES[0] if number % 2 else None,
            project=project_values(due="2026-05-01", order=number),
            fields={f"Field {n}": "x" for n in range(70)} if number == 1 else None,
        )
        for number in range(1, COUNT + 1)
    ]
    return GitHubHost(
        {STORES: stores},
        {"acme/12": project("Plan", [STORES])},
        milestones={STORES: MILESTONES},
        token="t",
        **more,
    )


async def everything(connector: Any) -> tuple[Any, list[Page], list[str], list[Page], Page]:
    capabilities = await connector.probe()
    pages = await all_pages(connector)
    identities = await all_identities(connector)
    later = await all_pages(connector, pages[-1].checkpoint)
    read = await connector.read([str(number) for number in range(1, COUNT + 1)])
    return capabilities, pages, identities, later, read


@pytest.mark.parametrize(
    ("limit", "too_many"), [(60, "502"), (60, "error"), (60, "nothing"), (20, "502"), (10, "nothing")]
)
async def test_a_host_that_fails_above_so_many_rows_is_read_whole(
    opened: Callable[..., Any], limit: int, too_many: Any
) -> None:
    more = {"project": "acme/12", "epics": "milestone"}
    usual, pages, identities, _, read = await opened(planned(), everything, **more)
    host = planned(page_limit=limit, too_many=too_many)
    found, fewer, listed, later, singly = await opened(host, everything, **more)
    assert found.fields == usual.fields
    assert _told(fewer) == _told(pages)
    assert (len(listed), items(later)) == (len(identities), {})
    assert _told([singly]) == _told([read])
    assert not any(one.unread for one in items(fewer).values())


def _told(pages: list[Page]) -> dict[str, Any]:
    return {
        one.native_id: (
            one.labels,
            sorted(link.ref.rpartition("/")[2] for link in one.links),
            one.due,
            one.title,
        )
        for one in items(pages).values()
    }


async def test_how_epics_are_marked_does_not_hang_on_what_a_host_answers_at_once(
    opened: Callable[..., Any],
) -> None:
    stores = [issue(n, f"Issue {n}", updated_at=moment(n)) for n in range(1, 31)]
    stores[0] = issue(1, "Epic", updated_at=moment(1))
    stores[1] = issue(2, "Part", updated_at=moment(2), parent=(STORES, 1))
    host = GitHubHost({STORES: stores}, token="t", page_limit=10)
    pages = await opened(host, all_pages)
    assert [one.native_id for one in items(pages).values() if one.kind == "epic"] == ["1"]


async def test_a_project_alone_gets_smaller_too(opened: Callable[..., Any]) -> None:
    host = planned(page_limit=20)
    pages = await opened(host, all_pages, repository=None, project="acme/12")
    assert len(items(pages)) == COUNT


async def test_a_question_that_gets_no_answer_in_time_gets_smaller(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = planned()

    async def use(connector: Any) -> list[str]:
        await connector.probe()
        monkeypatch.setattr(transport, "TOTAL_TIMEOUT", 1.0)
        host.page_limit, host.too_many = 60, "hang"
        return await all_identities(connector)

    assert len(await opened(host, use)) == COUNT + len(MILESTONES)


def test_a_size_halves_grows_after_successes_and_waits_longer_after_growing_in_vain() -> None:
    size = PageSize()
    size.shrink()
    assert size.rows == 50
    for _ in range(5):
        size.succeed()
    assert size.rows == 100
    size.shrink()
    for _ in range(9):
        size.succeed()
    assert size.rows == 50
    size.succeed()
    assert size.rows == 100


def test_a_size_never_leaves_its_bounds() -> None:
    size = PageSize()
    for _ in range(20):
        size.shrink()
    assert size.rows == 1
    for _ in range(2000):
        size.succeed()
    assert size.rows == 100
