from collections.abc import Sequence

import pytest

from service.delivery.address import parse_networks
from service.delivery.guard import Guard, RefusedError
from service.delivery.target import parse_target


def answering(*addresses: str) -> Guard:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return Guard(resolve=resolve)


async def test_a_name_is_judged_by_every_address_it_has() -> None:
    target = parse_target("https://example.com/")
    assert await answering("1.1.1.1", "2606:4700::1111").addresses(target) == ("1.1.1.1", "2606:4700::1111")
    with pytest.raises(RefusedError):
        await answering("1.1.1.1", "169.254.169.254").addresses(target)


async def test_a_name_without_addresses_cannot_be_reached() -> None:
    with pytest.raises(OSError, match="no address"):
        await answering().addresses(parse_target("https://example.com/"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "１２７.０.０.１",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ],
)
async def test_an_address_in_the_url_is_judged_without_asking_the_resolver(host: str) -> None:
    with pytest.raises(RefusedError):
        await answering("1.1.1.1").check(f"http://{host}/")


async def test_localhost_is_judged_by_what_it_resolves_to() -> None:
    with pytest.raises(RefusedError):
        await Guard().check("http://localhost:8000/")
    await Guard(parse_networks(["127.0.0.0/8", "::1"])).check("http://localhost:8000/")
