"""REST's issues in the shape of GraphQL's, so that one parser reads both. Pure."""

from collections.abc import Mapping
from typing import Any

MISSING = (
    "native dependencies",
    "parents and sub-issues",
    "issue fields",
    "Projects (dates, iterations, status, order)",
)


def is_pull_request(issue: Mapping[str, Any]) -> bool:
    return issue.get("pull_request") is not None


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
        "labels": {"nodes": [{"name": _label(one)} for one in issue.get("labels") or ()]},
        "assignees": {"nodes": [{"login": one["login"]} for one in issue.get("assignees") or ()]},
        "milestone": to_milestone(milestone) if milestone else None,
        "issueType": {"name": kind["name"]} if kind else None,
        "subIssuesSummary": issue.get("sub_issues_summary"),
        "issueDependenciesSummary": _dependencies(issue.get("issue_dependencies_summary")),
    }


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
