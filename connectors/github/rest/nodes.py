"""REST's issues in the shape of GraphQL's, so that one parser reads both. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

MISSING = (
    "issue fields: dates and priority come from labels and milestones",
    "Projects: no dates, iterations, status and order from there",
    "linked pull requests: work under way does not show",
    "an issue's history: changes show only from one reading to the next",
)
MISSING_BEFORE_3_19 = (
    "blocked-by and blocking links: dependencies come from descriptions only",
    "sub-issues: an issue's parent is not known",
    "issue types: kinds come from labels",
)


def missing(enterprise_version: str | None) -> list[str]:
    """What REST cannot tell, in words. Versions look like ``3.18.2``."""
    lacks_links = enterprise_version is not None and version(enterprise_version) < (3, 19)
    return [*MISSING, *(MISSING_BEFORE_3_19 if lacks_links else ())]


def version(text: str) -> tuple[int, ...]:
    """Of ``3.18.2`` or ``enterprise-server@3.18.2``; empty when it says none."""
    numbers = text.rpartition("@")[2].split(".")
    return tuple(int(one) for one in numbers[:2] if one.isdecimal())


def is_pull_request(issue: Any) -> bool:
    return isinstance(issue, dict) and issue.get("pull_request") is not None


def path_of(issue: Mapping[str, Any]) -> str:
    return f"/repos/{repository_of(issue)}/issues/{issue['number']}"


def counted(issue: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which dependencies there are to ask for: the node's field, and the path's last part."""
    summary = issue.get("issue_dependencies_summary") or {}
    if summary.get("total_blocked_by"):
        yield "blockedBy", "blocked_by"
    if summary.get("total_blocking"):
        yield "blocking", "blocking"


def to_reference(issue: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": issue["number"], "repository": {"nameWithOwner": repository_of(issue)}}


def to_node(issue: Mapping[str, Any]) -> dict[str, Any]:
    """Raises KeyError or TypeError when a part is missing that every issue has."""
    reason, milestone, kind = issue.get("state_reason"), issue.get("milestone"), issue.get("type")
    return {
        "id": issue["node_id"],
        "number": issue["number"],
        "title": issue["title"],
        "body": issue.get("body") or "",
        "state": issue["state"].upper(),
        "stateReason": reason.upper() if reason else None,
        "createdAt": issue["created_at"],
        "updatedAt": issue["updated_at"],
        "closedAt": issue.get("closed_at"),
        "url": issue["html_url"],
        "repository": {"nameWithOwner": repository_of(issue)},
        "labels": {"nodes": [{"name": _label(one)} for one in issue.get("labels") or ()]},
        "assignees": {"nodes": [{"login": one["login"]} for one in _assignees(issue)]},
        "milestone": to_milestone(milestone) if milestone else None,
        "issueType": {"name": kind["name"]} if kind else None,
        "parent": _parent(issue.get("parent_issue_url")),
        "subIssuesSummary": issue.get("sub_issues_summary"),
        "issueDependenciesSummary": _dependencies(issue.get("issue_dependencies_summary")),
    }


def _assignees(issue: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Later versions of the API have no ``assignee``; a few old answers have nothing else."""
    found = issue.get("assignees")
    if found is None:
        found = [issue.get("assignee")]
    return [one for one in found if one]


def repository_of(issue: Mapping[str, Any]) -> str:
    """``acme/stores`` from https://HOST/api/v3/repos/acme/stores."""
    parts = urlsplit(str(issue["repository_url"])).path.rstrip("/").split("/")
    return "/".join(parts[-2:])


def _parent(url: str | None) -> dict[str, Any] | None:
    """Of https://HOST/api/v3/repos/acme/stores/issues/12."""
    parts = urlsplit(url or "").path.rstrip("/").split("/")
    if len(parts) < 4 or not parts[-1].isdecimal():
        return None
    return {"number": int(parts[-1]), "repository": {"nameWithOwner": "/".join(parts[-4:-2])}}


def _label(label: str | Mapping[str, Any]) -> str:
    return label if isinstance(label, str) else str(label["name"])


def _dependencies(summary: Mapping[str, Any] | None) -> dict[str, int] | None:
    return {"totalBlockedBy": summary["total_blocked_by"]} if summary else None


def to_milestone(milestone: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": milestone["node_id"],
        "number": milestone["number"],
        "title": milestone["title"],
        "description": milestone.get("description"),
        "state": milestone["state"].upper(),
        "dueOn": milestone.get("due_on"),
        "createdAt": milestone["created_at"],
        "updatedAt": milestone["updated_at"],
        "closedAt": milestone.get("closed_at"),
        "url": milestone["html_url"],
    }
