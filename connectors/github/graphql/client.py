"""One GraphQL question until it is answered in full: smaller when too heavy, without unknown fields."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.github.api.errors import UnknownFields
from connectors.github.api.session import GraphAnswer, Session
from connectors.github.fetcher import PageSize
from connectors.github.graphql.schema import Host
from connectors.github.graphql.selection import history, issue_fields
from connectors.transport import Retry, with_retries

_HIDDEN = ("FORBIDDEN", "NOT_FOUND", "INSUFFICIENT_SCOPES")


Question = Callable[[int], tuple[str, Mapping[str, Any]]]
"""How many issues to ask for → query and variables; made anew for every try."""


def is_partial(answer: GraphAnswer) -> bool:
    """Something was left out that a smaller question may bring; what is hidden from us stays hidden."""
    return any(one.get("type") not in _HIDDEN for one in answer.errors)


class GraphqlClient:
    """Keeps what was learnt of a host: how much it answers at once, which fields it lacks."""

    def __init__(self, session: Session, host: Host, project: bool) -> None:
        self.session = session
        self.host = host
        self.size = PageSize()
        self._project = project

    @property
    def fields(self) -> str:
        return issue_fields(self.host.issue_fields, self._project)

    @property
    def fields_and_history(self) -> str:
        return self.fields + history(self.host.issue_fields, self.host.events)

    async def ask(self, query: str, variables: Mapping[str, Any]) -> GraphAnswer:
        """A question that is light whatever the host holds."""

        async def attempt() -> GraphAnswer:
            answer = await self.session.graphql(query, variables)
            if is_partial(answer):
                raise Retry("answer", f"GitHub could not answer in full: {_words(answer)}")
            return answer

        return await with_retries(attempt)

    async def ask_sized(self, question: Question) -> GraphAnswer:
        """A question for as many issues as the host answers at once."""
        while True:
            try:
                return await with_retries(lambda: self._ask_at_size(question))
            except UnknownFields as unknown:
                self._forget(unknown)

    async def _ask_at_size(self, question: Question) -> GraphAnswer:
        """At a smaller size when the answer is partial; one that stays so at size 1 is taken."""
        while True:
            asked = self.size.now
            try:
                answer = await self.session.graphql(*question(asked))
            except Retry as failed:
                if failed.reason == "unreachable":
                    self.size.halve()
                raise
            if asked == 1 and is_partial(answer) and not any(answer.data.values()):
                raise Retry("unreachable", f"GitHub could not answer: {_words(answer)}")
            if asked == 1 or not is_partial(answer):
                self.size.succeed()
                return answer
            self.size.halve()

    def _forget(self, unknown: UnknownFields) -> None:
        """An upgrade or another node of the host may know less than its schema said."""
        smaller = self.host.without(unknown.names)
        if smaller == self.host:
            raise unknown
        self.host = smaller


def _words(answer: GraphAnswer) -> str:
    return str(answer.errors[0].get("message", "no reason given"))[:200]
