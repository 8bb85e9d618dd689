"""What an issue is linked to: blockers, what it blocks, its parent, and how many are hidden. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.github.parse.context import ParseContext
from connectors.github.parse.milestone import milestone_name
from connectors.item import Link


def links_of(
    node: Mapping[str, Any], body: str, repository: str, context: ParseContext
) -> tuple[tuple[Link, ...], int]:
    """All links, and how many blockers GitHub counts without listing them."""
    blockers, blocked = _listed(node, "blockedBy"), _listed(node, "blocking")
    counted = 0 if "blocked-by" in node.get("unread", ()) else _count_blockers(node)
    native = [Link("blocked-by", _reference_of(one, context), "native", "blocked by") for one in blockers]
    native += [Link("blocks", _reference_of(one, context), "native", "blocking") for one in blocked]
    return (*native, *context.text_links(body, repository)), max(0, counted - len(blockers))


def _count_blockers(node: Mapping[str, Any]) -> int:
    return int((node.get("issueDependenciesSummary") or {}).get("totalBlockedBy") or 0)


def _listed(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in (node.get(name) or {}).get("nodes", ()) if one]


def _reference_of(issue: Mapping[str, Any], context: ParseContext) -> str:
    return context.name(issue["repository"]["nameWithOwner"], issue["number"])


def parent_of(
    node: Mapping[str, Any], milestone: Mapping[str, Any] | None, repository: str, context: ParseContext
) -> str | None:
    if parent := node.get("parent"):
        return _reference_of(parent, context)
    if milestone and context.epics_of(repository) == "milestone":
        return milestone_name(context, repository, milestone["number"])
    return None
