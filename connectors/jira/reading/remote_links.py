"""Fetching the links of issues to other sites: one request each, and an issue can do without."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.contract import SourceError
from connectors.jira.http.answers import Forbidden, is_of_a_part
from connectors.jira.http.gateway import Gateway

FAILURES_IN_A_ROW = 3  # of issues; the next ones are asked without patience, so that a page ends in time

Json = Mapping[str, Any]


class RemoteLinks:
    """Of one source. ``missing`` says so where linking to other sites is refused."""

    def __init__(self, gateway: Gateway, requests_at_once: int) -> None:
        self.missing: str | None = None
        self._gateway = gateway
        self._turns = asyncio.Semaphore(requests_at_once)
        self._failures = 0

    async def fetch(self, issue_ids: Sequence[str]) -> dict[str, Sequence[Json] | None]:
        """By issue; None where they could not be read this time. Raises SourceError for what fails all."""
        fetched = await asyncio.gather(*(self._fetch_of(issue_id) for issue_id in issue_ids))
        return dict(zip(issue_ids, fetched, strict=True))

    async def _fetch_of(self, issue_id: str) -> Sequence[Json] | None:
        async with self._turns:
            is_patient = self._failures < FAILURES_IN_A_ROW
            ask = self._gateway.remote_links if is_patient else self._gateway.remote_links_once
            try:
                links = await ask(issue_id)
            except SourceError as error:
                if not is_of_a_part(error):
                    raise
                self._failures += error.reason == "unreachable"
                if isinstance(error, Forbidden):
                    self.missing = f"links to other sites ({error})"
                return None
            self._failures = 0
            return links
