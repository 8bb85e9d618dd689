"""What reading costs of GitHub's hourly points, and who shares them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.contract import Setting, SourceError
from connectors.github import Options, connect
from connectors.github.api.quota import TokenQuota, quota_for
from connectors.github.simulator import GitHubHost, issue, project, project_values
from connectors.transport import Answer, Retry
from tests.connectors.github.hosts import STORES, all_pages, host_of, issues_of, titles


async def quiet_delta(opened: Callable[..., Any], host: GitHubHost, **more: Any) -> int:
    """Points of a delta that finds nothing."""

    async def use(connector: Any) -> int:
        done = (await all_pages(connector))[-1].checkpoint
        before = host.points_used["graphql"]
        assert titles(await all_pages(connector, done)) == []
        return host.points_used["graphql"] - before

    return int(await opened(host, use, **more))


async def test_a_delta_that_finds_nothing_costs_one_point(opened: Callable[..., Any]) -> None:
    assert await quiet_delta(opened, host_of(150)) == 1


async def test_so_does_one_over_several_repositories(opened: Callable[..., Any]) -> None:
    names = [f"acme/r{n}" for n in range(40)]
    host = GitHubHost({name: issues_of(3) for name in names}, token="t")
    assert await quiet_delta(opened, host, repository=None, repositories=names) == 1


@pytest.mark.parametrize("rows", [5, 100, 130])
async def test_so_does_one_beside_a_project(opened: Callable[..., Any], rows: int) -> None:
    stores = [issue(n, f"Issue {n}", project=project_values(order=n)) for n in range(1, rows + 1)]
    host = GitHubHost({STORES: stores}, {"acme/12": project("Plan", [STORES])}, token="t")
    assert await quiet_delta(opened, host, project="acme/12") == 1


async def test_a_source_says_what_is_left_of_its_token(opened: Callable[..., Any]) -> None:
    host = host_of(3, points_limit=4000)

    async def use(connector: Any) -> Any:
        before = connector.quota
        await connector.probe()
        return before, connector.quota

    before, after = await opened(host, use)
    assert before is None
    assert (after.limit, after.remaining) == (4000, 4000 - host.points_used["graphql"])
    assert after.resets_at > datetime.now(UTC)


async def test_sources_of_one_token_share_its_budget_and_others_do_not(
    serve: Callable[..., Any], options: Callable[..., Options], setting: Setting, monkeypatch: Any
) -> None:
    monkeypatch.setattr("connectors.transport._wait", lambda state: 0.0)
    host = GitHubHost({STORES: issues_of(3), "acme/web": issues_of(3)}, points_limit=10)
    with serve(host) as url:
        one, other, third = (
            connect(options(key=key, url=url, repository=name, auth={"token": token}), setting)
            for key, name, token in (("a", STORES, "t"), ("b", "acme/web", "t"), ("c", STORES, "u"))
        )
        await one.probe()
        assert other.quota == one.quota
        assert third.quota is None
        host.points_used["graphql"] = 10
        with pytest.raises(SourceError) as raised:
            await one.probe()
        assert raised.value.reason == "limited"
        asked = len(host.requests)
        with pytest.raises(SourceError) as refused:
            await other.probe()
        assert refused.value.reason == "limited"
        assert refused.value.retry_after is not None
        assert 0 < refused.value.retry_after <= 3600
        assert len(host.requests) == asked
        host.points_used.clear()
        assert (await third.probe()).account == "attune-reader"
        for connector in (one, other, third):
            await connector.close()


def answered(**headers: str) -> Answer:
    return Answer(200, {name.replace("_", "-"): value for name, value in headers.items()}, b"{}")


def limits(remaining: int, reset: int = 4_000_000_000, limit: str = "5000") -> Answer:
    return answered(
        x_ratelimit_remaining=str(remaining), x_ratelimit_limit=limit, x_ratelimit_reset=str(reset)
    )


def test_answers_that_overtake_each_other_never_give_back_what_was_used() -> None:
    quota = TokenQuota()
    quota.note(limits(40), is_graphql=True)
    quota.note(limits(41), is_graphql=True)
    assert quota.present is not None
    assert quota.present.remaining == 40
    quota.note(limits(5000, reset=4_000_003_600), is_graphql=True)
    assert quota.present.remaining == 5000


def test_a_used_up_limit_of_one_kind_stops_no_other_and_ends_at_its_reset() -> None:
    now = [3_999_999_000.0]
    quota = TokenQuota(lambda: now[0])
    quota.note(limits(0), is_graphql=True)
    quota.check(is_graphql=False)
    with pytest.raises(Retry) as raised:
        quota.check(is_graphql=True)
    assert raised.value.after == 1000
    now[0] = 4_000_000_001.0
    quota.check(is_graphql=True)


@pytest.mark.parametrize(
    "answer", [answered(), limits(1, limit="many"), limits(10**20), limits(5, reset=99_999_999_999)]
)
def test_headers_that_say_nothing_readable_are_passed_over(answer: Answer) -> None:
    quota = TokenQuota()
    quota.note(answer, is_graphql=False)
    quota.check(is_graphql=False)


def test_a_token_that_no_source_uses_any_more_is_forgotten(options: Callable[..., Options]) -> None:
    first = quota_for(options())
    assert quota_for(options(key="other")) is first
    assert quota_for(options(auth={"token": "u"})) is not first
    first.note(limits(0), is_graphql=True)
    del first
    assert quota_for(options()).present is None
