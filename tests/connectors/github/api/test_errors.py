"""What an answer's status means, whatever page a proxy puts around it."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors import transport
from connectors.contract import SourceError
from connectors.github.simulator import Fault
from tests.connectors.github.hosts import all_pages, host_of, native_ids


def page(status: int, path: str = "", **headers: str) -> Fault:
    return Fault("status", status, headers=headers, path=path, is_html=True)


async def failure(opened: Callable[..., Any], host: Any) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe())
    return raised.value


@pytest.mark.parametrize("graphql", [True, False])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_proxys_page_with_a_5xx_is_passing(
    opened: Callable[..., Any], status: int, graphql: bool
) -> None:
    path = "graphql" if graphql else "/user"
    host = host_of(3, graphql=graphql)
    host.faults.append(page(status, path))
    assert native_ids(await opened(host, all_pages)) == ["1", "2", "3"]
    host.faults.extend([page(status, path)] * transport.TRIES)
    assert (await failure(opened, host)).reason == "unreachable"


async def test_a_proxys_page_with_a_429_is_a_limit(opened: Callable[..., Any]) -> None:
    host = host_of(3)
    host.faults.append(page(429, **{"retry-after": "90"}))
    error = await failure(opened, host)
    assert (error.reason, error.retry_after) == ("limited", 90)


@pytest.mark.parametrize("path", ["graphql", "/repos/"])
async def test_a_404_says_which_address(opened: Callable[..., Any], path: str) -> None:
    host = host_of(3, graphql=False)
    host.faults.append(page(404, "/user" if path == "graphql" else path))
    error = await failure(opened, host)
    assert error.reason == "not-found"
    assert "http://127.0.0.1:" in str(error)
    assert ("/api/v3/user" if path == "graphql" else "/api/v3/repos/acme/stores") in str(error)


async def test_a_401_is_the_credential(opened: Callable[..., Any]) -> None:
    host = host_of(3)
    host.faults.append(page(401))
    error = await failure(opened, host)
    assert (error.reason, "credential" in str(error), "page" in str(error)) == ("authentication", True, False)


async def test_only_a_page_that_comes_as_an_answer_is_a_login_page(opened: Callable[..., Any]) -> None:
    host = host_of(3)
    host.faults.append(page(200))
    error = await failure(opened, host)
    assert "login page" in str(error)
