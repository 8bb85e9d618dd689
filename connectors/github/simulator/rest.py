"""The same data as GitHub's REST writes it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from connectors.github.simulator.graphql.leaves import dependencies, sub_issues
from connectors.github.simulator.host import GitHubHost
from connectors.github.simulator.native import issue, node_id
from connectors.github.simulator.rest_repository import rest_of_repository


def _number(text: str) -> int:
    """A lasting integer id for a name."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


def _api(host: GitHubHost) -> str:
    return f"{host.url}/api/v3"


def rest_user(host: GitHubHost, login: str) -> dict[str, Any]:
    api = f"{_api(host)}/users/{login}"
    links = {
        name: f"{api}/{name.removesuffix('_url')}"
        for name in (
            "followers_url",
            "subscriptions_url",
            "organizations_url",
            "repos_url",
            "received_events_url",
        )
    }
    return {
        "login": login,
        "id": _number(login),
        "node_id": f"U_{login}",
        "avatar_url": f"{host.url}/avatars/{login}.png",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{host.url}/{login}",
        **links,
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "events_url": f"{api}/events{{/privacy}}",
        "type": "User",
        "site_admin": False,
    }


def rest_account(host: GitHubHost) -> dict[str, Any]:
    """``GET /user``."""
    empty = dict.fromkeys(("name", "company", "blog", "location", "email", "hireable", "bio"))
    counts = {"public_repos": 0, "public_gists": 0, "followers": 0, "following": 0}
    moments = {"created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-01-05T09:00:00Z"}
    return {**rest_user(host, host.account), **empty, **counts, **moments}


def rest_repository(host: GitHubHost, name: str) -> dict[str, Any]:
    owner, _, short = name.partition("/")
    api, page = f"{_api(host)}/repos/{name}", f"{host.url}/{name}"
    return {
        **rest_of_repository(api, page),
        "id": _number(name),
        "node_id": host.repository_id(name),
        "name": short,
        "full_name": name,
        "owner": rest_user(host, owner),
        "private": True,
        "html_url": page,
        "description": None,
        "fork": False,
        "url": api,
        "has_issues": True,
        "default_branch": "main",
    }


def rest_milestone(host: GitHubHost, name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    api = f"{_api(host)}/repos/{name}/milestones/{one['number']}"
    held = [issue for issue in host.issues(name) if (issue["milestone"] or {}).get("number") == one["number"]]
    closed = sum(issue["state"] == "closed" for issue in held)
    return {
        "url": api,
        "html_url": f"{host.url}/{name}/milestone/{one['number']}",
        "labels_url": f"{api}/labels",
        "id": _number(api),
        "node_id": f"MI_{name.replace('/', '_')}_{one['number']}",
        **{key: one[key] for key in ("number", "state", "title", "description", "created_at", "updated_at")},
        "creator": None,
        "open_issues": len(held) - closed,
        "closed_issues": closed,
        "closed_at": one["closed_at"],
        "due_on": one["due_on"],
    }


def rest_issue(host: GitHubHost, one: Mapping[str, Any]) -> dict[str, Any]:
    name, number = one["repository"], one["number"]
    api = f"{_api(host)}/repos/{name}/issues/{number}"
    assignees = [rest_user(host, login) for login in one["assignees"]]
    found = {
        "id": _number(api),
        "node_id": node_id(one),
        "url": api,
        "repository_url": f"{_api(host)}/repos/{name}",
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": f"{host.url}/{name}/issues/{number}",
        **{key: one[key] for key in ("number", "state", "state_reason", "title", "body")},
        "user": rest_user(host, host.account),
        "labels": [_label(host, name, word) for word in one["labels"]],
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": rest_milestone(host, name, one["milestone"]) if one["milestone"] else None,
        "locked": False,
        "comments": 0,
        "author_association": "MEMBER",
        **{key: one[key] for key in ("created_at", "updated_at", "closed_at")},
    }
    version = tuple(int(part) for part in (host.enterprise_version or "99.0").split(".")[:2])
    return found if version < (3, 19) else {**found, **_newer(host, one)}


def rest_pull_request(host: GitHubHost, name: str, number: int) -> dict[str, Any]:
    """As the list of issues shows one."""
    shown = rest_issue(host, {**issue(number, "A pull request"), "repository": name})
    api = f"{_api(host)}/repos/{name}/pulls/{number}"
    links = {"url": api, "html_url": f"{host.url}/{name}/pull/{number}", "diff_url": None, "patch_url": None}
    return {**shown, "node_id": f"PR_{number}", "pull_request": links}


def _parent_url(host: GitHubHost, parent: tuple[str, int]) -> str:
    return f"{_api(host)}/repos/{parent[0]}/issues/{parent[1]}"


def _newer(host: GitHubHost, one: Mapping[str, Any]) -> dict[str, Any]:
    """What github.com and Enterprise Server 3.19 add."""
    blockers = [found for ref in one["blocked_by"] if (found := host.find(*ref))]
    refs = host.blocking(one["repository"], one["number"])
    blocked = [found for ref in refs if (found := host.find(*ref))]
    counts = dependencies(blockers, blocked, one["hidden_blockers"])
    children = sub_issues(host, one)
    return {
        **({"parent_issue_url": _parent_url(host, one["parent"])} if one["parent"] else {}),
        "type": _type(one["type"]) if one["type"] else None,
        "sub_issues_summary": {
            "total": children["total"],
            "completed": children["completed"],
            "percent_completed": children["percentCompleted"],
        },
        "issue_dependencies_summary": {
            "blocked_by": counts["blockedBy"],
            "blocking": counts["blocking"],
            "total_blocked_by": counts["totalBlockedBy"],
            "total_blocking": counts["totalBlocking"],
        },
    }


def _type(name: str) -> dict[str, Any]:
    return {"id": _number(name), "node_id": f"IT_{name}", "name": name, "description": None}


def _label(host: GitHubHost, repository: str, name: str) -> dict[str, Any]:
    return {
        "id": _number(name),
        "node_id": f"LA_{name}",
        "url": f"{_api(host)}/repos/{repository}/labels/x",
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }
