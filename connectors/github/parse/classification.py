"""What an issue's own words say: its kind, state, components. Pure."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from connectors.github.options import Epics
from connectors.github.parse.context import ParseContext
from connectors.github.parse.fields import Values
from connectors.item import Kind, State

_KINDS: dict[str, Kind] = {
    "initiative": "initiative",
    "epic": "epic",
    "story": "story",
    "feature": "story",
    "user story": "story",
    "bug": "bug",
    "defect": "bug",
    "sub-task": "subtask",
    "subtask": "subtask",
}
_KIND_LABELS: dict[str, Kind] = {"epic": "epic", "bug": "bug", "feature": "story"}
_COMPONENT_PREFIXES = ("component:", "component/", "area:", "area/")
CLOSED_AS = {"NOT_PLANNED": "Closed as not planned", "DUPLICATE": "Closed as duplicate"}


def state_of(node: Mapping[str, Any], values: Values, context: ParseContext) -> tuple[State, str]:
    """The state and the tracker's word; the mapping may refine open and closed, never swap them."""
    status = values.project.get("status")
    word = str(status or "").strip().casefold()
    if node["state"] == "CLOSED":
        reason = (node.get("stateReason") or "").upper()
        shown = str(status or CLOSED_AS.get(reason, "Closed"))
        mapped = context.states.get(shown.strip().casefold())
        usual: State = "dropped" if reason in CLOSED_AS else "done"
        return mapped if mapped in ("done", "dropped") else usual, shown
    mapped = context.states.get(word or "open")
    shown = str(status or "Open")
    if mapped in ("todo", "doing"):
        return mapped, shown
    return "doing" if word in context.setting.vocabulary.doing or _is_worked_on(node) else "todo", shown


def is_duplicate(node: Mapping[str, Any]) -> bool:
    """How it was closed says that the work goes on in another issue."""
    return (node.get("stateReason") or "").upper() == "DUPLICATE"


def _is_worked_on(node: Mapping[str, Any]) -> bool:
    requests = node.get("closedByPullRequestsReferences")
    if not requests or not node["assignees"]["nodes"]:
        return False
    return any(one["state"] == "OPEN" for one in requests["nodes"] if one)


def kind_of(node: Mapping[str, Any], labels: Sequence[str], epics: Epics) -> Kind:
    named = (node.get("issueType") or {}).get("name")
    words = [label.casefold() for label in labels]
    if epics == "label" and "epic" in words:
        return "epic"
    if epics == "sub-issues" and (node.get("subIssuesSummary") or {}).get("total") and not node.get("parent"):
        return "epic"
    if named:
        return _KINDS.get(named.casefold(), "task")
    return next((kind for word, kind in _KIND_LABELS.items() if word in words), "task")


def components_of(labels: Sequence[str], context: ParseContext) -> tuple[str, ...]:
    return tuple(name for label in labels if (name := _component(label, context.setting.components)))


@lru_cache(maxsize=65536)
def _component(label: str, named: frozenset[str]) -> str | None:
    folded = label.strip().casefold()
    if folded in named:
        return label.strip()
    for prefix in _COMPONENT_PREFIXES:
        if folded.startswith(prefix):
            return label.strip()[len(prefix) :].strip()
    return None
