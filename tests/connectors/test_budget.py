"""How much one source may ask of its tracker."""

import asyncio

import pytest

from connectors.budget import Budget
from connectors.contract import SourceError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def ask(budget: Budget, count: int = 1) -> None:
    for _ in range(count):
        async with budget:
            pass


async def test_so_many_at_once_and_no_more() -> None:
    budget = Budget(None, 3)
    under_way = most = 0

    async def request() -> None:
        nonlocal under_way, most
        async with budget:
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(request() for _ in range(20)))
    assert (most, budget.requests) == (3, 20)


async def test_without_a_limit_an_hour_is_never_used_up() -> None:
    budget = Budget(None, 1)
    await ask(budget, 10_000)
    assert budget.requests == 10_000


async def test_the_hour_slides() -> None:
    clock = Clock()
    budget = Budget(3, 1, clock)
    await ask(budget, 2)
    clock.now += 600
    await ask(budget)
    with pytest.raises(SourceError) as raised:
        await ask(budget)
    assert (raised.value.reason, raised.value.retry_after) == ("limited", 3000.0)
    assert "3 requests an hour" in str(raised.value)
    clock.now += 3000
    await ask(budget, 2)
    with pytest.raises(SourceError) as raised:
        await ask(budget)
    assert raised.value.retry_after == 600.0
    assert budget.requests == 5  # what was refused was not made


async def test_a_refusal_takes_no_place() -> None:
    clock = Clock()
    budget = Budget(1, 1, clock)
    await ask(budget)
    for _ in range(5):
        with pytest.raises(SourceError):
            await ask(budget)
    clock.now += 3600
    async with asyncio.timeout(1):
        await ask(budget)


async def test_a_failed_request_counts_and_frees_its_place() -> None:
    budget = Budget(None, 1)

    async def fail() -> None:
        async with budget:
            raise ConnectionError

    for _ in range(3):
        with pytest.raises(ConnectionError):
            await fail()
    assert budget.requests == 3
