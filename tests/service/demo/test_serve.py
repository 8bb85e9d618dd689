import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from service.demo.trackers.served_trackers import address, listen, serving


def _says(word: str) -> Starlette:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(word)

    return Starlette(routes=[Route("/", answer)])


def test_each_application_answers_on_its_own_socket_and_is_gone_afterwards() -> None:
    sockets = listen(2)
    urls = [address(one) for one in sockets]
    with serving([_says("one"), _says("two")], sockets):
        assert [httpx.get(url).text for url in urls] == ["one", "two"]
    for url in urls:
        with pytest.raises(httpx.TransportError):
            httpx.get(url)


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    first, second = listen(1), listen(1)
    try:
        assert address(first[0]) != address(second[0])
        assert address(second[0]).startswith("http://127.0.0.1:")
    finally:
        for one in [*first, *second]:
            one.close()


def test_only_this_machine_can_reach_the_trackers() -> None:
    (listening,) = listen(1)
    assert listening.family is socket.AF_INET
    assert listening.getsockname()[0] == "127.0.0.1"
    listening.close()
