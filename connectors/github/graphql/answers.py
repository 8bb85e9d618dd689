"""Variables of the questions, and what an answer holds of what was asked. Pure."""

from typing import Any

from connectors.contract import SourceError
from connectors.github.api.session import GraphAnswer
from connectors.github.options import Options


def variables_of(repository: str, suffix: str = "") -> dict[str, Any]:
    owner, _, name = repository.partition("/")
    return {f"owner{suffix}": owner, f"name{suffix}": name}


def project_variables(options: Options) -> dict[str, Any]:
    login, _, number = (options.project or "").partition("/")
    return {"login": login, "number": int(number)}


def repository_of(answer: GraphAnswer, repository: str, alias: str = "repository") -> dict[str, Any]:
    """Raises SourceError: why it is not in the answer."""
    held: dict[str, Any] | None = answer.data.get(alias)
    return _there(held, answer, f"repository {repository}", "issues: read")


def project_of(answer: GraphAnswer, options: Options) -> dict[str, Any]:
    held: dict[str, Any] | None = (answer.data.get("repositoryOwner") or {}).get("projectV2")
    return _there(held, answer, f"Project {options.project}", "projects: read")


def _there(held: dict[str, Any] | None, answer: GraphAnswer, name: str, right: str) -> dict[str, Any]:
    if held is not None:
        return held
    kind = answer.errors[0].get("type") if answer.errors else "NOT_FOUND"
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        raise SourceError("authentication", f"the credential may not read {name} (it needs {right})")
    if kind == "NOT_FOUND":
        raise SourceError("not-found", f"{name} does not exist, or the token may not see it")
    raise SourceError("answer", f"GitHub: {answer.errors[0].get('message', 'no data')}"[:300])
