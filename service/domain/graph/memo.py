"""Work that is done again only where what goes into it has changed. Pure.

A computation is written once, as a sequence of steps ``work(step, *inputs)``. Run with ``do_work`` every step
is done; run with a ``Memo`` of the last run, a step whose inputs are the same gives what it gave then, and a
step that comes to the same result as then gives that very object, so that the next one is not done either.
(Acar, *Self-adjusting computation*, 2005: memoisation with early cut-off, one run deep.)
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

T = TypeVar("T")


class Work(Protocol):
    """Does a step. Where a step is done several times in a run, ``part`` tells these apart."""

    def __call__(self, step: Callable[..., T], *inputs: Any, part: Hashable = None) -> T: ...


def do_work(step: Callable[..., T], *inputs: Any, part: Hashable = None) -> T:
    """Remembers nothing."""
    return step(*inputs)


class _Done(NamedTuple):
    inputs: tuple[Any, ...]
    result: Any


_Results = Mapping[tuple[Callable[..., Any], Hashable], _Done]


class Memo:
    """Remembers what each step of this run gave, for the run after it. Nobody may change inputs or results.

    A comparison costs what its inputs are long, and next to nothing where they are the same objects.
    """

    def __init__(self, before: _Results | None = None) -> None:
        self._before = before or {}
        self._done: dict[tuple[Callable[..., Any], Hashable], _Done] = {}

    def __call__(self, step: Callable[..., T], *inputs: Any, part: Hashable = None) -> T:
        before = self._before.get((step, part))
        if before is not None and _are_same(before.inputs, inputs):
            self._done[step, part] = before
            result: T = before.result
            return result
        result = step(*inputs)
        if before is not None and _is_same(before.result, result):
            result = before.result
        self._done[step, part] = _Done(inputs, result)
        return result

    def following(self) -> "Memo":
        """For a run after this one; this one may be followed by several."""
        return Memo(self._done)


def _are_same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return len(before) == len(now) and all(map(_is_same, before, now))


def _is_same(before: Any, now: Any) -> bool:
    if before is now:
        return True
    if isinstance(before, np.ndarray):
        return isinstance(now, np.ndarray) and np.array_equal(before, now)
    if type(before) is not type(now):
        return False
    return _are_same(before, now) if isinstance(before, tuple) else bool(before == now)
