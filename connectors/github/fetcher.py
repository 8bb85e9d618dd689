"""What any way of reading GitHub offers: pages of issues as GraphQL's nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol


class Nodes(NamedTuple):
    """Issues as GraphQL writes them. ``milestones`` only on a first page: those that changed last.

    One that cannot be read is ``{"unreadable": reason}``, with the ``record`` it is on the page where it has
    no name.
    """

    nodes: Sequence[Any]
    cursor: str | None  # None: this was the last page
    total: int | None = None
    milestones: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A Project's issues by node id."""

    ranks: Mapping[str, str] = field(default_factory=dict)  # sort as text
    touched: Mapping[str, str] = field(default_factory=dict)  # the later of row's and issue's updatedAt


class News(NamedTuple):
    """Repositories where something changed; ``names``: what those that were asked are called now."""

    repositories: Sequence[str]
    names: Mapping[str, str] = {}


class Fetcher(Protocol):
    """``repository`` is its name; empty: the Project alone, whose issues come from many.

    A cursor that the host no longer knows raises UnknownCursor; anything else SourceError.
    """

    async def page(self, repository: str, cursor: str | None, since: str | None) -> Nodes: ...

    async def identities(self, repository: str, cursor: str | None) -> Nodes:
        """Node ids instead of nodes."""
        ...

    async def news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> News:
        """In which of several repositories something changed that is not in ``seen``."""
        ...

    async def news_and_order(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> tuple[News, Order]:
        """The same and ``order``, for one request when the Project is small."""
        ...

    async def issues_by_number(self, numbers: Mapping[str, Sequence[int]]) -> list[Any]: ...

    async def issues_by_id(self, ids: Sequence[str]) -> list[Any]: ...

    async def open_issues_of_milestone(self, repository: str, number: int) -> list[str]:
        """Node ids of its open issues."""
        ...

    async def milestones(self, repository: str) -> list[Any]: ...

    async def order(self) -> Order: ...
