"""How one part of the process tells a loop of another that there is something to do."""

import asyncio


class Wake:
    """A loop sleeps on it; whoever has left work for the loop rings."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    @property
    def has_rung(self) -> bool:
        return self._rung.is_set()

    def ring(self) -> None:
        self._rung.set()

    def reset(self) -> None:
        """Before looking for work: what is left from here on rings again."""
        self._rung.clear()

    async def sleep(self, stop: asyncio.Event, seconds: float) -> None:
        """Until somebody rings, ``stop`` is set or the time is over."""
        waiting = [asyncio.create_task(self._rung.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
