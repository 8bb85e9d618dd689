"""What exists under a name over REST, which also knows where a transferred issue went."""

from typing import Any

from connectors.contract import SourceError
from connectors.github.api.session import Session
from connectors.transport import with_retries


async def fetch_issue(session: Session, repository: str, number: int) -> Any:
    """GitHub's record of an issue or pull request; a redirect is followed on the same host only.

    None when there is no such thing. Raises SourceError.
    """
    return await _record(session, f"/repos/{repository}/issues/{number}")


async def fetch_milestone(session: Session, repository: str, number: int) -> Any:
    return await _record(session, f"/repos/{repository}/milestones/{number}")


async def _record(session: Session, path: str) -> Any:
    try:
        record, _ = await with_retries(lambda: session.rest(path))
    except SourceError as error:
        if error.reason == "not-found":
            return None
        raise
    return record
