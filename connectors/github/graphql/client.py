"""One GraphQL question until it is answered: for fewer rows when too heavy, without unknown fields."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from connectors.contract import Reason, SourceError
from connectors.github.api.errors import UnknownCursor, UnknownFields
from connectors.github.api.session import GraphAnswer, Session
from connectors.github.graphql.schema import Host
from connectors.github.page_size import PageSize, may_be_the_size
from connectors.github.queries.selection import Part, history, parts_of_plan
from connectors.transport import Retry, with_retries

HIDDEN = ("FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES")
MENDED_AT_ONCE = 3  # records of an answer; when more are at fault, the answer was too heavy

Kind = Literal[
    "issues", "single", "project", "names", "news", "milestones", "rows", "discovery", "inside", "look-up"
]
"""Each kind of question has its own weight, so each learns its own size."""

Question = Callable[[int], tuple[str, Mapping[str, Any]]]
"""How many rows to ask for → query and variables; made anew for every try."""

Gaps = Callable[[GraphAnswer], Sequence[Any]]
"""The records of an answer that are not whole."""


class Unanswered(SourceError):
    """GitHub fails to answer a question even for one row."""


def is_partial(answer: GraphAnswer) -> bool:
    """Something was left out that a smaller question may bring; what is hidden from us stays hidden."""
    return any(error.get("type") not in HIDDEN for error in answer.errors)


class GraphqlClient:
    """Keeps what was learnt of a host: how many rows it answers at once, which fields it lacks."""

    def __init__(self, session: Session, host: Host, project: bool) -> None:
        self.session = session
        self.host = host
        self._sizes: dict[Kind, PageSize] = defaultdict(PageSize)
        self._project = project

    @property
    def parts(self) -> tuple[Part, ...]:
        return parts_of_plan(self.host.issue_fields, self._project)

    @property
    def parts_and_history(self) -> tuple[Part, ...]:
        return (*self.parts, *history(self.host.issue_fields, self.host.events))

    def rows(self, kind: Kind) -> int:
        """How many the next question of this kind asks for."""
        return self._sizes[kind].rows

    async def ask(self, kind: Kind, question: Question) -> GraphAnswer:
        """A whole answer, for as many rows as the host answers at once.

        Raises Unanswered when one row is too many, else SourceError.
        """
        return await self.ask_partly(kind, question, lambda answer: ())

    async def ask_partly(self, kind: Kind, question: Question, gaps: Gaps) -> GraphAnswer:
        """An answer of which at most MENDED_AT_ONCE records are not whole: the caller asks for them again.

        Raises Unanswered when one row is too many, else SourceError.
        """
        size = self._sizes[kind]
        rows_before = size.rows
        while True:
            try:
                return await with_retries(lambda: self._ask_at_size(size, question, gaps))
            except UnknownFields as unknown:
                self._forget(unknown)
            except UnknownCursor:
                raise
            except SourceError as failed:
                if failed.reason not in ("unreachable", "answer") or size.rows > 1:
                    raise
                size.restore(rows_before)
                raise Unanswered(failed.reason, str(failed), failed.retry_after) from failed

    async def _ask_at_size(self, size: PageSize, question: Question, gaps: Gaps) -> GraphAnswer:
        """At a smaller size while the answer has more gaps than can be mended."""
        while True:
            rows = size.rows
            try:
                answer = await self.session.graphql(*question(rows))
            except Retry as failed:
                if may_be_the_size(failed):
                    size.shrink()
                raise
            if _is_good(answer, gaps):
                size.succeed()
                return answer
            if rows == 1:
                reason: Reason = "answer" if any(answer.data.values()) else "unreachable"
                raise Retry(reason, f"GitHub could not answer in full: {_words(answer)}")
            size.shrink()

    def _forget(self, unknown: UnknownFields) -> None:
        """An upgrade or another node of the host may know less than its schema said."""
        smaller = self.host.without(unknown.names)
        if smaller == self.host:
            raise unknown
        self.host = smaller


def _is_good(answer: GraphAnswer, gaps: Gaps) -> bool:
    lacking = len(gaps(answer))
    return lacking <= MENDED_AT_ONCE if lacking else not is_partial(answer)


def _words(answer: GraphAnswer) -> str:
    if not answer.errors:
        return "a record is null"
    return str(answer.errors[0].get("message", "no reason given"))[:200]
