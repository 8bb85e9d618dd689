"""A repository as GitHub's REST writes it: much that nobody reads, but the description requires it."""

from typing import Any

_PARTS = (
    "archive",
    "assignees",
    "blobs",
    "branches",
    "collaborators",
    "comments",
    "commits",
    "compare",
    "contents",
    "git_commits",
    "git_refs",
    "git_tags",
    "issue_comment",
    "issue_events",
    "issues",
    "keys",
    "labels",
    "milestones",
    "notifications",
    "pulls",
    "releases",
    "statuses",
    "trees",
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "subscription",
    "tags",
    "teams",
)
_COUNTS = (
    "forks",
    "forks_count",
    "open_issues",
    "open_issues_count",
    "size",
    "stargazers_count",
    "watchers",
    "watchers_count",
    "network_count",
    "subscribers_count",
)
_SWITCHES = ["has_projects", "has_wiki", "has_pages", "has_discussions", "archived", "disabled"]
_MOMENT = "2026-01-05T09:00:00Z"


def rest_of_repository(api: str, page: str) -> dict[str, Any]:
    """Everything beyond what a webhook's short form of a repository holds."""
    return {
        **{f"{part}_url": f"{api}/{part}" for part in _PARTS},
        **dict.fromkeys(_COUNTS, 0),
        **dict.fromkeys(_SWITCHES, False),
        **dict.fromkeys(("homepage", "mirror_url", "language", "license")),
        **dict.fromkeys(("pushed_at", "created_at", "updated_at"), _MOMENT),
        "svn_url": page,
        "clone_url": f"{page}.git",
        "git_url": f"{page}.git",
        "ssh_url": f"{page}.git",
    }
