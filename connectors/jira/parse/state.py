"""What an issue's status and resolution say of its state."""

from collections.abc import Mapping
from typing import Any

from connectors.item import State
from connectors.jira.options import Options
from connectors.vocabulary import Vocabulary

CLOSED: tuple[State, ...] = ("done", "dropped")
_CATEGORIES: dict[str, State] = {"new": "todo", "undefined": "todo", "indeterminate": "doing", "done": "done"}

Json = Mapping[str, Any]


class StateReader:
    """By the product file's mapping, then the status category; a resolution may outrank both."""

    def __init__(self, options: Options, vocabulary: Vocabulary) -> None:
        self._mapped: dict[str, State] = {
            word.strip().casefold(): state for word, state in options.mapping.state.items()
        }
        self._vocabulary = vocabulary

    def read_state(self, fields: Json) -> State:
        """Raises one of the errors of a record without its essentials."""
        status = fields["status"]
        state = self.state_of_status(status)
        resolution = name_of(fields.get("resolution"))
        is_dropped = resolution and resolution.strip().casefold() in self._vocabulary.dropped
        if is_dropped and (state == "done" or _category(status) == "done"):
            return "dropped"
        return state

    def state_of_status(self, status: Json) -> State:
        """``status`` as Jira writes it: ``{"name": "Done", "statusCategory": {"key": "done"}}``."""
        by_category = _CATEGORIES.get(_category(status), "todo")
        return self._mapped.get(str(status["name"]).strip().casefold(), by_category)

    def is_closed(self, status: Json) -> bool | None:
        """None where nobody says what it means."""
        return None if self.is_unmapped(status) else self.state_of_status(status) in CLOSED

    def is_unmapped(self, status: Json) -> bool:
        """Nobody says what it means: neither a category nor the product file."""
        is_mapped = str(status["name"]).strip().casefold() in self._mapped
        return not is_mapped and _category(status) not in _CATEGORIES

    def is_duplicate(self, resolution: str | None) -> bool:
        return bool(resolution) and str(resolution).strip().casefold() in self._vocabulary.duplicate


def name_of(value: Json | None, key: str = "name") -> str | None:
    """Of a user, a priority, a resolution."""
    name = (value.get(key) or value.get("name")) if value else None
    return str(name) if name else None


def _category(status: Json) -> str:
    return str((status.get("statusCategory") or {}).get("key"))
