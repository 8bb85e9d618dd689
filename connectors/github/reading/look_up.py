"""What names mean that no stored item answers to: asked of GitHub in batches.

GraphQL finds a renamed repository, but says of a transferred issue that there is none; REST redirects to
where it went. So what GraphQL does not know is asked once more over REST, a bounded number at a time.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence

from connectors.contract import Lookup, SourceError
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.look_up import NO_REPOSITORY, Named, Thing
from connectors.github.graphql.look_up import look_up as look_up_by_graphql
from connectors.github.parse.context import ParseContext
from connectors.github.parse.milestone import milestone_name
from connectors.github.reading.source import Source
from connectors.github.rest import nodes
from connectors.github.rest.look_up import fetch_issue, fetch_milestone

_OVER_REST_AT_ONCE = 250  # names in one call; the others are asked the next time
_PASSING = ("limited", "authentication")


async def look_up(source: Source, client: GraphqlClient | None, names: Sequence[str]) -> dict[str, Lookup]:
    """See ``connectors.contract.Connector.look_up``. ``client`` None: the host only speaks REST."""
    asked = {name: named for name in dict.fromkeys(names) if (named := parse_name(name, source.options.site))}
    things = await look_up_by_graphql(client, list(dict.fromkeys(asked.values()))) if client else {}
    unsure = [named for named in dict.fromkeys(asked.values()) if things.get(named) is None]
    if client:  # what failed there is left out, and a milestone is never transferred
        unsure = [named for named in unsure if named in things and named.kind == "i"]
    things = {named: thing for named, thing in things.items() if named not in unsure}
    for named, answer in await _over_rest(source, unsure[:_OVER_REST_AT_ONCE]):
        things[named] = answer
    context = source.parse_context()
    return {
        name: _meaning(source, context, things[named]) for name, named in asked.items() if named in things
    }


def parse_name(name: str, site: str) -> Named | None:
    """Of ``github://SITE/acme/web#12`` and ``…/milestone/3``; None for any other reference. Pure."""
    start = f"github://{site}/"
    match = _NAME.fullmatch(name.removeprefix(start)) if name.startswith(start) else None
    if match is None:
        return None
    return Named(match["repository"].lower(), "m" if match["milestone"] else "i", int(match["number"]))


_NAME = re.compile(
    r"(?P<repository>[\w.-]+/[\w.-]+)(?:#|(?P<milestone>/milestone/))(?P<number>[0-9]{1,9})", re.ASCII
)


async def _over_rest(source: Source, names: Sequence[Named]) -> list[tuple[Named, Thing | None]]:
    """Raises SourceError for a limit or a lost credential; another error leaves its name out."""
    answers = await asyncio.gather(*(_fetch(source, named) for named in names), return_exceptions=True)
    answered: list[tuple[Named, Thing | None]] = []
    for named, answer in zip(names, answers, strict=True):
        if isinstance(answer, SourceError) and answer.reason not in _PASSING:
            continue
        if isinstance(answer, BaseException):
            raise answer
        answered.append((named, answer))
    return answered


async def _fetch(source: Source, named: Named) -> Thing | None:
    if named.kind == "m":
        record = await fetch_milestone(source.session, named.repository, named.number)
        return Thing("Milestone", record["node_id"], named.number, named.repository) if record else None
    record = await fetch_issue(source.session, named.repository, named.number)
    if record is None:
        return None
    kind = "PullRequest" if nodes.is_pull_request(record) else "Issue"
    try:
        return Thing(kind, record["node_id"], int(record["number"]), nodes.repository_of(record))
    except (KeyError, TypeError, ValueError) as wrong:
        raise SourceError("answer", "GitHub's record of an issue cannot be read") from wrong


def _meaning(source: Source, context: ParseContext, thing: Thing | None) -> Lookup:
    if thing is None or thing == NO_REPOSITORY:
        return Lookup("absent")
    identity = context.identity(thing.id)
    if thing.type == "Issue":
        return Lookup("item", identity, context.name(thing.repository, thing.number))
    if thing.type == "Milestone" and _serves_as_epic(source, thing.repository):
        return Lookup("item", identity, milestone_name(context, thing.repository, thing.number))
    return Lookup("other")


def _serves_as_epic(source: Source, repository: str) -> bool:
    epics: Mapping[str, str] = source.discovery.epics
    return epics.get(repository.lower()) == "milestone"
