"""Parts of the simulated GraphQL that lead to no further part."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from graphql import GraphQLError

from connectors.github.simulator.fault import Failure, PartFailedError
from connectors.github.simulator.graphql.connections import Node
from connectors.github.simulator.host import GitHubHost


def failing_part(how: Failure) -> Callable[..., Node]:
    def resolve(info: Any, **_: Any) -> Node:
        raise PartFailedError(how)

    return resolve


def rate_limit(host: GitHubHost) -> Node:
    reset = (host.clock() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"cost": 1, "limit": 5000, "nodeCount": 100, "remaining": 4999, "resetAt": reset, "used": 1}


def user(login: str) -> Node:
    return {"__typename": "User", "id": f"U_{login}", "login": login}


def not_found(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"type": "NOT_FOUND"})


def named_nodes(prefix: str, names: set[str | None]) -> list[Node]:
    return [{"id": f"{prefix}_{name}", "name": name} for name in sorted(name for name in names if name)]


def issue_templates(host: GitHubHost, name: str) -> list[Node]:
    files = host.files.get(name, {})
    folder = ".github/ISSUE_TEMPLATE/"
    return [
        {"filename": path.removeprefix(folder), "name": path.removeprefix(folder), "body": text}
        for path, text in files.items()
        if path.startswith(folder)
    ]


def blob(host: GitHubHost, name: str, expression: str) -> Node | None:
    text = host.files.get(name, {}).get(expression.partition(":")[2])
    return None if text is None else {"__typename": "Blob", "id": f"B_{expression}", "text": text}


def state_reason(one: Mapping[str, Any], duplicate: bool) -> str | None:
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


def open_pull_requests(one: Mapping[str, Any]) -> list[Node]:
    count = one["open_pull_requests"]
    return [
        {"id": f"PR_{one['number']}_{place}", "number": 90000 + place, "state": "OPEN"}
        for place in range(count)
    ]
