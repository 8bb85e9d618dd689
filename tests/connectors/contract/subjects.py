"""What the contract suite is run on: every connector with a tracker to read, over real sockets."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.vocabulary import load_vocabulary
from connectors import github, jira
from connectors.contract import Checkpoint, Connector, Setting, SourceError
from connectors.github import simulator as github_simulator
from connectors.jira import simulator as jira_simulator
from tests.support.serving import served
from tests.support.tiny import TinyConnector, TinyOptions, TinyTracker

COUNT = 130
SETTING = Setting(load_vocabulary(), ZoneInfo("Europe/Amsterdam"))
NOWHERE = "http://127.0.0.1:9"  # nobody listens there
FUTURE = "2031-01-01T00:00:00Z"


@dataclass(frozen=True)
class Subject:
    """``open`` makes another connector of the same source: ``token`` and ``url`` may be wrong ones.

    ``delete`` removes the tracker's issue of this native id. ``future`` moves a finished checkpoint
    years ahead.
    """

    open: Callable[..., Connector]
    delete: Callable[[str], None]
    future: Callable[[Checkpoint], Checkpoint]


Opening = Callable[[], AbstractAsyncContextManager[Subject]]


def _moment(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=7 * number)


def _text(number: int) -> str:
    done = f"\n\nDefinition of Done\n- [x] Reviewed\n- [ ] Tested {number % 3}"
    return f"Blocked by ONL-{number // 2 + 1}.{done if number % 5 == 0 else ''}"


@asynccontextmanager
async def _jira(
    flavour: Any, auth: Callable[[str], Mapping[str, str]], **door: Any
) -> AsyncIterator[Subject]:
    issues = [
        jira_simulator.issue(
            f"ONL-{number}",
            f"Issue {number}",
            flavour,
            created=_moment(number),
            updated=_moment(2 * number % COUNT),
            description=_text(number),
            due=(_moment(number) + timedelta(days=90)).date(),
            priority="High" if number % 4 else "Odd",
        )
        for number in range(1, COUNT + 1)
    ]
    site = jira_simulator.JiraSite(flavour, {"ONL": "Online"}, issues, token="right", page_cap=50, **door)
    with served(jira_simulator.application(site)) as url:

        def open_(token: str = "right", url: str = url) -> Connector:
            told = {"key": "onl", "type": "jira", "project": "ONL", "url": url, "auth": auth(token)}
            return jira.connect(jira.Options.model_validate(told), SETTING)

        def delete(native_id: str) -> None:
            found = site.find(native_id)
            assert found is not None
            site.delete(found["key"])

        ahead = datetime.fromisoformat(FUTURE).timestamp()
        yield Subject(open_, delete, lambda mark: {**mark, "updated": ahead})


@asynccontextmanager
async def _cloud() -> AsyncIterator[Subject]:
    async with _jira(
        "cloud", lambda token: {"email": "a@example.com", "token": token}, email="a@example.com"
    ) as one:
        yield one


@asynccontextmanager
async def _data_center() -> AsyncIterator[Subject]:
    async with _jira("datacenter", lambda token: {"token": token}) as one:
        yield one


@asynccontextmanager
async def _github(**host: Any) -> AsyncIterator[Subject]:
    place = "acme/stores"
    issues = [
        github_simulator.issue(
            number,
            f"Issue {number}",
            body=_text(number).replace("ONL-", "#"),
            labels=["priority: high"] if number % 4 else ["priority: odd"],
            blocked_by=[(place, number // 3 + 1)] if number % 3 == 0 else [],
            created_at=_moment(number).strftime("%Y-%m-%dT%H:%M:%SZ"),
            updated_at=_moment(2 * number % COUNT).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for number in range(1, COUNT + 1)
    ]
    site = github_simulator.GitHubHost({place: issues}, token="right", **host)
    with served(github_simulator.application(site)) as base:

        def open_(token: str = "right", url: str = base) -> Connector:
            told = {"key": "gh", "type": "github", "repository": place, "url": f"{url}/api/v3"}
            return github.connect(github.Options.model_validate({**told, "auth": {"token": token}}), SETTING)

        yield Subject(
            open_,
            lambda native_id: site.delete(place, int(native_id)),
            lambda mark: {**mark, **{one: dict.fromkeys(mark[one], FUTURE) for one in ("since", "newest")}},
        )


@asynccontextmanager
async def _rest() -> AsyncIterator[Subject]:
    async with _github(graphql=False, enterprise_version="3.18") as one:
        yield one


@asynccontextmanager
async def _tiny() -> AsyncIterator[Subject]:
    tracker = TinyTracker(page_size=50)
    tracker.fill(COUNT)
    tracker.add(is_secret=True)

    def open_(token: str = tracker.token, url: str = "") -> Connector:
        away = SourceError("unreachable", "tiny.example does not answer")
        asked = TinyTracker(always=away) if url else tracker
        return TinyConnector(TinyOptions(key="tiny", team="t", project="ONL", token=token), asked)

    yield Subject(open_, lambda native_id: tracker.delete(int(native_id)), lambda _: {"since": 4e9})


SUBJECTS: Mapping[str, Opening] = {
    "jira-cloud": _cloud,
    "jira-datacenter": _data_center,
    "github": _github,
    "github-rest": _rest,
    "tiny": _tiny,
}
"""By the connector's package, and after a dash what kind of host it reads."""
