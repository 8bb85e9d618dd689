"""What may go wrong between a tracker and its reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TooMany = Literal["502", "error", "nothing", "hang"]
"""A question for too many rows: a 502, ``data`` with an error, ``data: null`` with one, no answer in time."""

Failure = Literal["error", "null", "nothing", "502"]
"""A field of one issue: an error there, null without a word, ``data: null`` for the whole question, a 502."""


class PartFailedError(Exception):
    """A field of an issue that the host fails to answer."""

    def __init__(self, how: Failure) -> None:
        super().__init__("Something went wrong while executing your query.")
        self.how = how


@dataclass(frozen=True, slots=True)
class Fault:
    """How one answer goes wrong.

    ``path``: only of a request whose path contains it, ``asks``: whose body contains it.

    - ``status`` answers with ``status``, ``headers`` and ``message``, or with a proxy's page (``is_html``)
    - ``html`` is a login page, ``redirect`` sends to ``location``
    - ``partial`` answers GraphQL with an error and half of the nodes null, ``limited`` with
      GitHub's 200 and an error of type RATE_LIMITED
    - ``cut`` sends half a body as if it were whole, ``broken`` hangs up in the middle of it
    - ``hang`` keeps quiet, ``drip`` sends a byte now and then, ``huge`` a gigabyte
    - ``loop`` gives a page's own cursor as the next one, ``twice`` shows the first page's issues again
    """

    kind: Literal[
        "status",
        "html",
        "partial",
        "limited",
        "cut",
        "broken",
        "redirect",
        "hang",
        "drip",
        "huge",
        "loop",
        "twice",
    ]
    status: int = 502
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "Something went wrong."
    path: str = ""
    asks: str = ""
    location: str = "http://127.0.0.2:9/"
    is_html: bool = False
