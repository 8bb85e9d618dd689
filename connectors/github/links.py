"""What an issue is linked to: blockers, what it blocks, its parent, and how many are hidden. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.github.milestones import milestone_name
from connectors.github.reading import Reading
from connectors.item import Link


def links_of(
    node: Mapping[str, Any], body: str, repository: str, how: Reading
) -> tuple[tuple[Link, ...], int]:
    """All links, and how many blockers GitHub counts without listing them."""
    blockers, blocked = _listed(node, "blockedBy"), _listed(node, "blocking")
    counted = (node.get("issueDependenciesSummary") or {}).get("totalBlockedBy") or 0
    native = [Link("blocked-by", _place(one, how), "native", "blocked by") for one in blockers]
    native += [Link("blocks", _place(one, how), "native", "blocking") for one in blocked]
    return (*native, *how.text_links(body, repository)), max(0, int(counted) - len(blockers))


def _listed(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in (node.get(name) or {}).get("nodes", ()) if one]


def _place(issue: Mapping[str, Any], how: Reading) -> str:
    return how.name(issue["repository"]["nameWithOwner"], issue["number"])


def parent_of(
    node: Mapping[str, Any], milestone: Mapping[str, Any] | None, repository: str, how: Reading
) -> str | None:
    if parent := node.get("parent"):
        return _place(parent, how)
    if milestone and how.epics_of(repository) == "milestone":
        return milestone_name(how, repository, milestone["number"])
    return None
