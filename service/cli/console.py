"""Where commands write: colour and progress on a terminal, plain lines anywhere else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

_PLAIN_WIDTH = 140  # columns, where there is no terminal to ask


def output() -> Console:
    """Standard output as it is now (tests and pipes replace it)."""
    return _console(stderr=False)


def errors() -> Console:
    return _console(stderr=True)


def _console(stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    is_terminal = stream.isatty()
    return Console(
        stderr=stderr,
        width=None if is_terminal else _PLAIN_WIDTH,
        highlight=False,
        emoji=False,
        soft_wrap=stderr,
    )


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A bar per source on a terminal; silent elsewhere, where a line per source follows anyway."""
    console = output()
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    with bars:
        yield bars
