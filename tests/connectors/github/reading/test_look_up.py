"""What names mean that no stored item answers to: asked in batches, redirects followed."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from connectors.contract import Lookup, SourceError
from connectors.github.graphql.look_up import Named
from connectors.github.reading.look_up import parse_name
from connectors.github.simulator import Fault, GitHubHost, milestone
from tests.connectors.github.hosts import STORES, issues_of

SITE = "127.0.0.1"


def hosting(**more: Any) -> GitHubHost:
    host = GitHubHost(
        {STORES: issues_of(5), "acme/web": issues_of(3), "acme/data": issues_of(3)},
        milestones={STORES: [milestone(3, "May")]},
        token="t",
        **more,
    )
    host.pull_requests.add((STORES, 8))
    host.discussions.add((STORES, 9))
    host.transfer(STORES, 4, "acme/web", 44)
    host.rename("acme/data", "acme/facts")
    host.delete(STORES, 5)
    return host


async def look_up(
    opened: Callable[..., Any], host: GitHubHost, ends: Sequence[str], **more: Any
) -> dict[str, tuple[str, str | None, str | None]]:
    """By the end of a name: state, and the ends of identity and present name."""

    async def use(connector: Any) -> dict[str, Lookup]:
        site = (await connector.probe()).site
        found = await connector.look_up([f"github://{site}/{end}" for end in ends])
        return {name.partition(f"{site}/")[2]: answer for name, answer in found.items()}

    answers = await opened(host, use, **more)
    return {end: (one.state, _end(one.identity), _end(one.name)) for end, one in answers.items()}


def _end(ref: str | None) -> str | None:
    return ref.partition("://")[2].partition("/")[2] if ref else None


MEANT = {
    "acme/stores#1": ("item", "id/I_acme_stores_1", "acme/stores#1"),
    "acme/stores#4": ("item", "id/I_acme_web_44", "acme/web#44"),
    "acme/stores#5": ("absent", None, None),
    "acme/stores#8": ("other", None, None),
    "acme/stores#77777": ("absent", None, None),
    "acme/web#2": ("item", "id/I_acme_web_2", "acme/web#2"),
    "acme/data#2": ("item", "id/I_acme_data_2", "acme/facts#2"),
    "acme/facts#2": ("item", "id/I_acme_data_2", "acme/facts#2"),
    "acme/nothing#1": ("absent", None, None),
}


async def test_names_mean_what_github_has_under_them_now(opened: Callable[..., Any]) -> None:
    wanted = {**MEANT, "acme/stores#9": ("other", None, None)}
    assert await look_up(opened, hosting(), [*wanted]) == wanted


@pytest.mark.parametrize("version", ["3.18", None])
async def test_a_host_that_only_speaks_rest_is_asked_name_by_name(
    opened: Callable[..., Any], version: str | None
) -> None:
    host = hosting(graphql=False, enterprise_version=version)
    assert await look_up(opened, host, [*MEANT]) == MEANT


@pytest.mark.parametrize(
    ("epics", "state"), [("milestone", ("item", "id/MI_acme_stores_3", "acme/stores/milestone/3"))]
)
async def test_a_milestone_is_an_item_where_it_serves_as_an_epic(
    opened: Callable[..., Any], epics: str, state: Any
) -> None:
    ends = ["acme/stores/milestone/3", "acme/stores/milestone/4", "acme/web/milestone/1"]
    absent = ("absent", None, None)
    found = await look_up(opened, hosting(), ends, epics=epics)
    assert found == dict(zip(ends, (state, absent, absent), strict=True))
    other = await look_up(opened, hosting(), ends[:1], epics="label")
    assert other == {ends[0]: ("other", None, None)}


async def test_many_names_are_asked_in_few_requests(opened: Callable[..., Any]) -> None:
    host = GitHubHost({STORES: issues_of(400), "acme/web": issues_of(100)}, token="t")
    names = [f"{STORES}#{n}" for n in range(1, 401)] + [f"acme/web#{n}" for n in range(1, 101)]
    found = await look_up(opened, host, names)
    assert {state for state, _, _ in found.values()} == {"item"}
    assert len(found) == 500
    assert len(host.requests) <= 2 + 500 // 50


async def test_absent_names_cost_a_bounded_number_of_requests_and_the_rest_is_left_out(
    opened: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.github.reading.look_up._OVER_REST_AT_ONCE", 30)
    host = GitHubHost({STORES: issues_of(1)}, token="t")
    found = await look_up(opened, host, [f"{STORES}#{n}" for n in range(1000, 1100)])
    assert {state for state, _, _ in found.values()} == {"absent"}
    assert 0 < len(found) < 100
    assert len(host.requests) <= 2 + 2 + 30


async def test_a_repository_that_is_not_there_costs_no_request_more(opened: Callable[..., Any]) -> None:
    host = GitHubHost({STORES: issues_of(1)}, token="t")
    found = await look_up(opened, host, [f"acme/nothing#{n}" for n in range(50)])
    assert {state for state, _, _ in found.values()} == {"absent"}
    assert len(host.requests) == 3


@pytest.mark.parametrize("how", ["error", "nothing", "502"])
async def test_a_name_whose_question_fails_is_left_out_and_no_other(
    opened: Callable[..., Any], how: Any
) -> None:
    host = hosting(failing={(STORES, 2): {"id": how}})
    found = await look_up(opened, host, [f"{STORES}#{n}" for n in (1, 2, 3)])
    assert set(found) == {f"{STORES}#1", f"{STORES}#3"}


async def test_a_host_that_answers_few_names_at_once_is_asked_for_fewer(opened: Callable[..., Any]) -> None:
    host = GitHubHost({STORES: issues_of(60)}, token="t", splices={})

    async def use(connector: Any) -> int:
        site = (await connector.probe()).site
        host.faults.extend([Fault("status", 502)] * 2)
        return len(await connector.look_up([f"github://{site}/{STORES}#{n}" for n in range(1, 61)]))

    assert await opened(host, use) == 60


async def test_a_redirect_to_another_host_leaves_its_name_out(opened: Callable[..., Any]) -> None:
    host = GitHubHost({STORES: issues_of(1)}, token="t")

    async def use(connector: Any) -> dict[str, Lookup]:
        site = (await connector.probe()).site
        host.faults.append(Fault("redirect", path="/issues/7"))
        names = [f"github://{site}/{STORES}#{n}" for n in (1, 7)]
        return {name.rpartition("#")[2]: one for name, one in (await connector.look_up(names)).items()}

    assert set(await opened(host, use)) == {"1"}


async def test_a_used_up_limit_is_told(opened: Callable[..., Any]) -> None:
    host = GitHubHost({STORES: issues_of(1)}, token="t")

    async def use(connector: Any) -> None:
        site = (await connector.probe()).site
        host.faults.append(Fault("status", 429, headers={"retry-after": "900"}))
        await connector.look_up([f"github://{site}/{STORES}#1"])

    with pytest.raises(SourceError) as raised:
        await opened(host, use)
    assert (raised.value.reason, raised.value.retry_after) == ("limited", 900)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("github://github.com/acme/web#12", Named("acme/web", "i", 12)),
        ("github://github.com/acme/my.web_1#12", Named("acme/my.web_1", "i", 12)),
        ("github://github.com/acme/web/milestone/3", Named("acme/web", "m", 3)),
        ("github://ghe.example/acme/web#12", None),
        ("github://github.com/id/I_1", None),
        ("github:acme/web#12", None),
        ("jira://github.com/ONL-1", None),
        ("github://github.com/acme/web#99999999999", None),
        ("", None),
    ],
)
def test_only_names_of_this_site_are_asked(name: str, expected: Named | None) -> None:
    assert parse_name(name, "github.com") == expected
