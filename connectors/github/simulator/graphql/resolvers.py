"""The host's data as GitHub's GraphQL types: dicts whose callables graphql-core resolves on demand."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from connectors.github.simulator.graphql.connections import Node, bounded, connected, cursor, page_info, seen
from connectors.github.simulator.graphql.leaves import (
    blob,
    dependencies,
    failing_part,
    issue_templates,
    named_nodes,
    not_found,
    open_pull_requests,
    rate_limit,
    state_reason,
    sub_issues,
    user,
)
from connectors.github.simulator.graphql.timeline import timeline
from connectors.github.simulator.graphql.values import (
    issue_fields,
    issue_values,
    project_fields,
    project_item_values,
)
from connectors.github.simulator.host import GitHubHost
from connectors.github.simulator.native import MOMENT, node_id


def root(host: GitHubHost) -> Node:
    return {
        "viewer": user(host.account),
        "rateLimit": lambda info, **_: rate_limit(host),
        "node": lambda info, id: _by_id(host, id),
        "nodes": lambda info, ids: [_by_id(host, one) for one in ids],
        "repository": lambda info, owner, name, **_: _repository_or_error(host, f"{owner}/{name}"),
        "repositoryOwner": lambda info, login: _owner(host, login),
    }


def _by_id(host: GitHubHost, identity: str) -> Node | GraphQLError:
    found = host.by_node_id(identity)
    if found is None and identity.startswith("PVTI_"):
        return _row_by_id(host, identity)
    if found is None:
        return not_found(f"Could not resolve to a node with the global id of '{identity}'")
    return issue(host, found)


def _row_by_id(host: GitHubHost, identity: str) -> Node | GraphQLError:
    rows = (_row(host, key, one) for key in host.projects for one in host.rows(key))
    missing = not_found(f"Could not resolve to a node with the global id of '{identity}'")
    return next((row for row in rows if row["id"] == identity), missing)


def _owner(host: GitHubHost, login: str) -> Node | None:
    known = [*host.repositories, *host.projects]
    if not any(name.lower().startswith(f"{login.lower()}/") for name in known):
        return None
    find = lambda info, number: _project_or_error(host, login, number)  # noqa: E731 - a resolver
    return {"__typename": "Organization", "id": f"O_{login}", "login": login, "projectV2": find}


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
        "fields": connected(lambda: project_fields(host.rows(key))),
        "items": connected(
            lambda: [*_drafts(host, key), *(_row(host, key, one) for one in _shown(host, key))]
        ),
    }


def _shown(host: GitHubHost, key: str) -> list[Mapping[str, Any]]:
    return [one for one in host.rows(key) if not one["project"]["archived"]]


def _drafts(host: GitHubHost, key: str) -> list[Node]:
    """Rows of a Project that are no issues."""
    about = {"isArchived": False, "updatedAt": MOMENT, "fieldValues": connected(list)}
    count = host.projects[key].get("drafts", 0)
    return [
        {
            **about,
            "id": f"PVTI_draft_{place}",
            "content": {"__typename": "DraftIssue", "id": f"DI_{place}", "title": "A thought"},
        }
        for place in range(count)
    ]


def _row(host: GitHubHost, key: str, one: Mapping[str, Any]) -> Node:
    identity = f"PVTI_{key.replace('/', '_')}_{one['number']}"
    return {
        "__typename": "ProjectV2Item",
        "id": identity,
        "isArchived": one["project"]["archived"],
        "updatedAt": one["project"]["updated_at"] or one["created_at"],
        "project": lambda info: project(host, key),
        "content": lambda info: issue(host, one),
        "fieldValues": connected(lambda: project_item_values(identity, one["project"]["values"])),
    }


def _repository_or_error(host: GitHubHost, name: str) -> Node:
    name = host.present_name(name)
    found = next((key for key in host.repositories if key.lower() == name.lower()), None)
    if found is None:
        raise not_found(f"Could not resolve to a Repository with the name '{name}'.")
    return repository(host, found)


def repository(host: GitHubHost, name: str) -> Node:
    return {
        "id": host.repository_id(name),
        "name": name.partition("/")[2],
        "nameWithOwner": name,
        "hasIssuesEnabled": True,
        "discussion": lambda info, number: _discussion_or_error(host, name, number),
        "issue": lambda info, number: _issue_or_error(host, name, number),
        "issueOrPullRequest": lambda info, number: _issue_or_pull_request(host, name, number),
        "issueFields": connected(lambda: issue_fields(host.issues(name))),
        "issues": lambda info, **arguments: _issues(host, host.issues(name), **arguments),
        "issueTemplates": issue_templates(host, name),
        "issueTypes": connected(lambda: named_nodes("IT", {one["type"] for one in host.issues(name)})),
        "labels": connected(
            lambda: named_nodes("LA", {word for one in host.issues(name) for word in one["labels"]})
        ),
        "milestone": lambda info, number: _milestone(host, name, number),
        "milestones": lambda info, **arguments: _milestones(host, name, **arguments),
        "object": lambda info, expression="", **_: blob(host, name, expression),
    }


def _issue_or_error(host: GitHubHost, name: str, number: int) -> Node:
    """GraphQL follows no transfer; REST redirects."""
    found = host.find(name, number)
    if found is None:
        raise not_found(f"Could not resolve to an Issue with the number of {number}.")
    return issue(host, found)


def _issue_or_pull_request(host: GitHubHost, name: str, number: int) -> Node:
    if (name, number) in host.pull_requests:
        return {"__typename": "PullRequest", "id": f"PR_{number}", "number": number, "state": "OPEN"}
    if host.find(name, number) is None:
        raise not_found(f"Could not resolve to an issue or pull request with the number of {number}.")
    return _issue_or_error(host, name, number)


def _discussion_or_error(host: GitHubHost, name: str, number: int) -> Node:
    if (name, number) not in host.discussions:
        raise not_found(f"Could not resolve to a Discussion with the number of {number}.")
    return {"id": f"D_{number}", "number": number, "title": "A discussion"}


_ORDERS = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at"}


def _issues(
    host: GitHubHost,
    rows: Sequence[Mapping[str, Any]],
    first: int | None = None,
    after: str | None = None,
    states: Sequence[str] = (),
    **more: Any,
) -> Node:
    """By update time unless ``orderBy`` says creation; cursors hold that moment and the number."""
    since = (more.get("filterBy") or {}).get("since") or ""
    order = more.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    moment = _ORDERS[order["field"]]
    rows = [one for one in rows if one["updated_at"] >= since]
    if states:
        rows = [one for one in rows if one["state"].upper() in states]
    if moment != "updated_at":
        rows = sorted(rows, key=lambda one: (one[moment], one["number"]))
    if order["direction"] == "DESC":
        return connected(lambda: [issue(host, one) for one in reversed(rows)])(None, first, after)
    keys = [(one[moment], one["number"]) for one in rows]
    begin = bisect_right(keys, seen(after)) if after else 0
    page = rows[begin : begin + bounded(first)]
    end = cursor(f"{page[-1][moment]}|{page[-1]['number']}") if page else None
    return {
        "totalCount": len(rows),
        "nodes": [issue(host, one) for one in page],
        "pageInfo": page_info(begin + len(page) < len(rows), end),
    }


def _milestones(host: GitHubHost, name: str, **arguments: Any) -> Node:
    found = host.milestones_of(name)
    if (arguments.pop("orderBy", None) or {}).get("field") == "UPDATED_AT":
        found = sorted(found, key=lambda one: one["updated_at"], reverse=True)
    return connected(lambda: [milestone(host, name, one) for one in found])(None, **arguments)


def _milestone(host: GitHubHost, name: str, number: int) -> Node | None:
    found = next((one for one in host.milestones_of(name) if one["number"] == number), None)
    return milestone(host, name, found) if found else None


def milestone(host: GitHubHost, name: str, one: Mapping[str, Any]) -> Node:
    def held() -> list[dict[str, Any]]:
        rows = host.issues(name)
        return [row for row in rows if (row["milestone"] or {}).get("number") == one["number"]]

    node = {
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
        "issues": lambda info, **arguments: _issues(host, held(), **arguments),
    }
    failing = host.failing_milestones.get((name, one["number"]), {})
    return {**node, **{field: failing_part(how) for field, how in failing.items()}}


def issue(host: GitHubHost, one: Mapping[str, Any]) -> Node:
    name, number = one["repository"], one["number"]
    blockers = [found for ref in one["blocked_by"] if (found := host.find(*ref))]
    blocked = [found for ref in host.blocking(name, number) if (found := host.find(*ref))]
    parent = host.find(*one["parent"]) if one["parent"] else None
    node = {
        "__typename": "Issue",
        "id": node_id(one),
        "number": number,
        "title": one["title"],
        "body": one["body"] or "",
        "state": one["state"].upper(),
        "stateReason": lambda info, enableDuplicate=False: state_reason(one, enableDuplicate),  # noqa: N803 - GitHub's
        "createdAt": one["created_at"],
        "updatedAt": one["updated_at"],
        "closedAt": one["closed_at"],
        "url": f"{host.url}/{name}/issues/{number}",
        "repository": lambda info: repository(host, name),
        "labels": connected(lambda: [{"id": f"LA_{word}", "name": word} for word in one["labels"]]),
        "assignees": connected(lambda: [user(login) for login in one["assignees"]]),
        "issueType": {"id": f"IT_{one['type']}", "name": one["type"]} if one["type"] else None,
        "milestone": milestone(host, name, one["milestone"]) if one["milestone"] else None,
        "parent": lambda info: issue(host, parent) if parent else None,
        "subIssuesSummary": lambda info: sub_issues(host, one),
        "blockedBy": connected(lambda: [issue(host, found) for found in blockers]),
        "blocking": connected(lambda: [issue(host, found) for found in blocked]),
        "issueDependenciesSummary": dependencies(blockers, blocked, one["hidden_blockers"]),
        "closedByPullRequestsReferences": connected(lambda: open_pull_requests(one)),
        "issueFieldValues": connected(lambda: issue_values(node_id(one), one["fields"])),
        "timelineItems": lambda info, **arguments: timeline(host, one, **arguments),
        "projectItems": connected(lambda: [_row(host, key, one) for key in host.projects_of(one)]),
    }
    failing = host.failing.get((name, number), {})
    return {**node, **{field: failing_part(how) for field, how in failing.items()}}
