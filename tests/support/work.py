"""Work counted in calls: the same on a busy machine as on an idle one."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

GROWTH_AT_DOUBLE_SIZE = 2.3  # twice the work, and what a logarithm adds


def count_calls(work: Callable[[], object]) -> int:
    """How many functions ``work`` calls, its own and the interpreter's; a generator counts at every step."""
    calls = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def assert_linear(prepare: Callable[[int], Callable[[], object]], size: int) -> None:
    """``prepare(size)`` gives the work to count: at double the size it takes about twice the calls."""
    prepare(size // 8)()  # what is made once and kept is no part of it
    once, twice = count_calls(prepare(size)), count_calls(prepare(2 * size))
    assert twice <= once * GROWTH_AT_DOUBLE_SIZE, f"{once:,} calls at {size:,}, {twice:,} at double the size"
