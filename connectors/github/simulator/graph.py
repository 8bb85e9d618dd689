"""The host's data as GitHub's GraphQL types: dicts whose callables graphql-core resolves on demand."""

import base64
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from graphql import GraphQLError

from connectors.github.simulator.host import GitHubHost
from connectors.github.simulator.values import issue_values, project_item_values

Node = dict[str, Any]


def root(host: GitHubHost) -> Node:
    return {
        "viewer": _user(host.account),
        "rateLimit": lambda info, **_: rate_limit(host),
        "repository": lambda info, owner, name, **_: _repository_or_error(host, f"{owner}/{name}"),
        "repositoryOwner": lambda info, login: _owner(host, login),
    }


def rate_limit(host: GitHubHost) -> Node:
    reset = (host.clock() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"cost": 1, "limit": 5000, "nodeCount": 100, "remaining": 4999, "resetAt": reset, "used": 1}


def _user(login: str) -> Node:
    return {"__typename": "User", "id": f"U_{login}", "login": login}


def _owner(host: GitHubHost, login: str) -> Node | None:
    known = [*host.repositories, *host.projects]
    if not any(name.lower().startswith(f"{login.lower()}/") for name in known):
        return None
    find = lambda info, number: _project_or_error(host, login, number)  # noqa: E731 - a resolver
    return {"__typename": "Organization", "id": f"O_{login}", "login": login, "projectV2": find}


def not_found(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": "NOT_FOUND"})


def _project_or_error(host: GitHubHost, login: str, number: int) -> Node:
    key = f"{login}/{number}"
    if key not in host.projects:
        raise not_found(f"Could not resolve to a ProjectV2 with the number {number}.")
    return project(host, key)


def project(host: GitHubHost, key: str) -> Node:
    number = int(key.rpartition("/")[2])
    return {
        "__typename": "ProjectV2",
        "id": f"PVT_{key.replace('/', '_')}",
        "number": number,
        "title": host.projects[key]["title"],
        "url": f"{host.url}/orgs/{key.partition('/')[0]}/projects/{number}",
        "items": connected(lambda: [_row(host, key, one) for one in host.rows(key)]),
    }


def _row(host: GitHubHost, key: str, one: Mapping[str, Any]) -> Node:
    identity = f"PVTI_{key.replace('/', '_')}_{one['number']}"
    return {
        "id": identity,
        "isArchived": one["project"]["archived"],
        "project": lambda info: project(host, key),
        "content": lambda info: issue(host, one),
        "fieldValues": connected(lambda: project_item_values(identity, one["project"]["values"])),
    }


def _repository_or_error(host: GitHubHost, name: str) -> Node:
    found = next((key for key in host.repositories if key.lower() == name.lower()), None)
    if found is None:
        raise not_found(f"Could not resolve to a Repository with the name '{name}'.")
    return repository(host, found)


def repository(host: GitHubHost, name: str) -> Node:
    return {
        "id": f"R_{name.replace('/', '_')}",
        "name": name.partition("/")[2],
        "nameWithOwner": name,
        "hasIssuesEnabled": True,
        "issue": lambda info, number: _issue_or_error(host, name, number),
        "issues": lambda info, **arguments: _issues(host, name, **arguments),
        "issueTemplates": _templates(host, name),
        "issueTypes": connected(lambda: _named("IT", {one["type"] for one in host.issues(name)})),
        "labels": connected(
            lambda: _named("LA", {word for one in host.issues(name) for word in one["labels"]})
        ),
        "milestones": connected(lambda: [milestone(host, name, one) for one in host.milestones_of(name)]),
        "object": lambda info, expression="", **_: _blob(host, name, expression),
    }


def _named(prefix: str, names: set[str | None]) -> list[Node]:
    return [{"id": f"{prefix}_{name}", "name": name} for name in sorted(name for name in names if name)]


def _templates(host: GitHubHost, name: str) -> list[Node]:
    files = host.files.get(name, {})
    folder = ".github/ISSUE_TEMPLATE/"
    return [
        {"filename": path.removeprefix(folder), "name": path.removeprefix(folder), "body": text}
        for path, text in files.items()
        if path.startswith(folder)
    ]


def _blob(host: GitHubHost, name: str, expression: str) -> Node | None:
    text = host.files.get(name, {}).get(expression.partition(":")[2])
    return None if text is None else {"__typename": "Blob", "id": f"B_{expression}", "text": text}


def _issue_or_error(host: GitHubHost, name: str, number: int) -> Node:
    found = host.find(name, number)
    if found is None:
        raise not_found(f"Could not resolve to an Issue with the number of {number}.")
    return issue(host, found)


def _issues(
    host: GitHubHost,
    name: str,
    first: int | None = None,
    after: str | None = None,
    states: Sequence[str] = (),
    **more: Any,
) -> Node:
    since = (more.get("filterBy") or {}).get("since") or ""
    rows = [one for one in host.issues(name) if one["updated_at"] >= since]
    if states:
        rows = [one for one in rows if one["state"].upper() in states]
    keys = [(one["updated_at"], one["number"]) for one in rows]
    begin = bisect_right(keys, _seen(after)) if after else 0
    page = rows[begin : begin + bounded(first)]
    end = _cursor(f"{page[-1]['updated_at']}|{page[-1]['number']}") if page else None
    return {
        "totalCount": len(rows),
        "nodes": [issue(host, one) for one in page],
        "pageInfo": _page_info(begin + len(page) < len(rows), end),
    }


def _page_info(more: bool, end: str | None) -> Node:
    return {"hasNextPage": more, "endCursor": end, "hasPreviousPage": False, "startCursor": None}


def _cursor(text: str) -> str:
    return base64.b64encode(f"cursor:v2:{text}".encode()).decode()


def _read(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except ValueError:
        text = ""
    if not text.startswith("cursor:v2:"):
        raise GraphQLError(f"`{cursor}` does not appear to be a valid cursor.")
    return text.removeprefix("cursor:v2:")


def _seen(cursor: str) -> tuple[str, int]:
    updated, _, number = _read(cursor).partition("|")
    return updated, int(number)


def bounded(first: int | None) -> int:
    if first is None or not 1 <= first <= 100:
        raise GraphQLError("You must provide a `first` value between 1 and 100 on this connection.")
    return first


def connected(rows: Callable[[], Sequence[Any]], total: int | None = None) -> Callable[..., Node]:
    """A connection over rows; its cursors count them."""

    def resolve(info: Any, first: int | None = None, after: str | None = None, **_: Any) -> Node:
        found = rows()
        begin = int(_read(after)) if after else 0
        page = found[begin : begin + bounded(first)]
        end = begin + len(page)
        return {
            "totalCount": len(found) if total is None else total,
            "nodes": list(page),
            "pageInfo": _page_info(end < len(found), _cursor(str(end)) if page else None),
        }

    return resolve


def milestone(host: GitHubHost, name: str, one: Mapping[str, Any]) -> Node:
    return {
        "id": f"MI_{name.replace('/', '_')}_{one['number']}",
        "number": one["number"],
        "title": one["title"],
        "description": one["description"],
        "state": one["state"].upper(),
        "closed": one["state"] == "closed",
        "dueOn": one["due_on"],
        "createdAt": one["created_at"],
        "updatedAt": one["updated_at"],
        "closedAt": one["closed_at"],
        "url": f"{host.url}/{name}/milestone/{one['number']}",
    }


def node_id(one: Mapping[str, Any]) -> str:
    return str(one["node_id"] or f"I_{one['repository'].replace('/', '_')}_{one['number']}")


def issue(host: GitHubHost, one: Mapping[str, Any]) -> Node:
    name, number = one["repository"], one["number"]
    blockers = [found for ref in one["blocked_by"] if (found := host.find(*ref))]
    blocked = [found for ref in host.blocking(name, number) if (found := host.find(*ref))]
    parent = host.find(*one["parent"]) if one["parent"] else None
    return {
        "__typename": "Issue",
        "id": node_id(one),
        "number": number,
        "title": one["title"],
        "body": one["body"] or "",
        "state": one["state"].upper(),
        "stateReason": lambda info, enableDuplicate=False: _reason(one, enableDuplicate),  # noqa: N803 - GitHub's
        "createdAt": one["created_at"],
        "updatedAt": one["updated_at"],
        "closedAt": one["closed_at"],
        "url": f"{host.url}/{name}/issues/{number}",
        "repository": lambda info: repository(host, name),
        "labels": connected(lambda: [{"id": f"LA_{word}", "name": word} for word in one["labels"]]),
        "assignees": connected(lambda: [_user(login) for login in one["assignees"]]),
        "issueType": {"id": f"IT_{one['type']}", "name": one["type"]} if one["type"] else None,
        "milestone": milestone(host, name, one["milestone"]) if one["milestone"] else None,
        "parent": lambda info: issue(host, parent) if parent else None,
        "subIssuesSummary": lambda info: sub_issues(host, one),
        "blockedBy": connected(lambda: [issue(host, found) for found in blockers]),
        "blocking": connected(lambda: [issue(host, found) for found in blocked]),
        "issueDependenciesSummary": dependencies(blockers, blocked, one["hidden_blockers"]),
        "closedByPullRequestsReferences": connected(lambda: _pull_requests(one)),
        "issueFieldValues": connected(lambda: issue_values(node_id(one), one["fields"])),
        "projectItems": connected(lambda: [_row(host, key, one) for key in host.projects_of(one)]),
    }


def _reason(one: Mapping[str, Any], duplicate: bool) -> str | None:
    reason = one["state_reason"]
    if reason == "duplicate" and not duplicate:
        return "NOT_PLANNED"
    return reason.upper() if reason else None


def sub_issues(host: GitHubHost, one: Mapping[str, Any]) -> Node:
    children = host.children(one["repository"], one["number"])
    closed = sum(child["state"] == "closed" for child in children)
    percent = 100 * closed // len(children) if children else 0
    return {"total": len(children), "completed": closed, "percentCompleted": percent}


def dependencies(blockers: Sequence[Node], blocked: Sequence[Node], hidden: int) -> Node:
    return {
        "blockedBy": sum(one["state"] == "open" for one in blockers) + hidden,
        "blocking": sum(one["state"] == "open" for one in blocked),
        "totalBlockedBy": len(blockers) + hidden,
        "totalBlocking": len(blocked),
    }


def _pull_requests(one: Mapping[str, Any]) -> list[Node]:
    count = one["open_pull_requests"]
    return [
        {"id": f"PR_{one['number']}_{place}", "number": 90000 + place, "state": "OPEN"}
        for place in range(count)
    ]
