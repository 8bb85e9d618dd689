"""What exists under names of issues and milestones: many in one question, ids only."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from connectors.github.api.session import GraphAnswer
from connectors.github.graphql.answers import variables_of
from connectors.github.graphql.client import HIDDEN, GraphqlClient, Unanswered
from connectors.github.queries import documents

_NAMES_AT_ONCE = 50


class Named(NamedTuple):
    """A number in a repository: of an issue (``i``) or a milestone (``m``)."""

    repository: str
    kind: str
    number: int


class Thing(NamedTuple):
    """What stands under a name; ``type`` is GitHub's: Issue, PullRequest, Discussion, Milestone."""

    type: str
    id: str
    number: int
    repository: str  # as it is written now


NO_REPOSITORY = Thing("", "", 0, "")
"""Of a name in a repository that does not exist, or that this credential may not see."""


async def look_up(client: GraphqlClient, names: Sequence[Named]) -> dict[Named, Thing | None]:
    """None: GitHub says that there is no such thing. One whose question fails is left out."""
    things: dict[Named, Thing | None] = {}
    begin = 0
    while begin < len(names):
        asked: list[Named] = []

        def question(first: int, rest: Sequence[Named] = names[begin:], asked: list[Named] = asked) -> Any:
            asked[:] = rest[: min(first, _NAMES_AT_ONCE)]
            grouped = _grouped(asked)
            has_discussions = "discussion" in client.host.repository_fields
            variables: dict[str, Any] = {}
            for alias, repository in enumerate(grouped):
                variables |= variables_of(repository, str(alias))
            return documents.look_up(list(grouped.values()), has_discussions), variables

        try:
            answer = await client.ask_partly("look-up", question, partial(_failed, asked=asked))
            failed = _failed(answer, asked)
            things |= {name: thing for name, thing in _read(answer, asked) if name not in failed}
        except Unanswered:
            asked = list(names[begin : begin + 1])
        begin += len(asked)
    return things


def _grouped(names: Iterable[Named]) -> dict[str, list[tuple[str, int]]]:
    grouped: dict[str, list[tuple[str, int]]] = {}
    for name in names:
        grouped.setdefault(name.repository, []).append((name.kind, name.number))
    return grouped


def _failed(answer: GraphAnswer, asked: Sequence[Named]) -> list[Named]:
    """Those of which an error speaks that does not say that they are hidden from us or absent."""
    aliases = {f"r{alias}": repository for alias, repository in enumerate(_grouped(asked))}
    failed: list[Named] = []
    for error in answer.errors:
        path = [str(step) for step in error.get("path") or ()]
        if error.get("type") in HIDDEN or not path or path[0] not in aliases:
            continue
        failed += [
            name
            for name in asked
            if name.repository == aliases[path[0]]
            and (len(path) == 1 or path[1].lstrip("imd") == str(name.number))
        ]
    return failed


def _read(answer: GraphAnswer, asked: Sequence[Named]) -> list[tuple[Named, Thing | None]]:
    read: list[tuple[Named, Thing | None]] = []
    for alias, (repository, wanted) in enumerate(_grouped(asked).items()):
        held = answer.data.get(f"r{alias}") or {}
        present = str(held.get("nameWithOwner") or repository)
        for kind, number in wanted:
            thing = _thing(held, kind, number, present) if held else NO_REPOSITORY
            read.append((Named(repository, kind, number), thing))
    return read


def _thing(held: Mapping[str, Any], kind: str, number: int, present: str) -> Thing | None:
    if kind == "m":
        milestone = held.get(f"m{number}")
        return Thing("Milestone", milestone["id"], number, present) if milestone else None
    node = held.get(f"i{number}")
    if node and node["__typename"] == "Issue":
        return Thing("Issue", node["id"], node["number"], node["repository"]["nameWithOwner"])
    if node:
        return Thing(node["__typename"], node["id"], number, present)
    discussion = held.get(f"d{number}")
    return Thing("Discussion", discussion["id"], number, present) if discussion else None
