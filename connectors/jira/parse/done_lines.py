"""The shapes in which Jira holds a Definition of Done: texts, ticked options, the rows of checklist apps."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from connectors import text
from connectors.item import DodLine
from connectors.jira.parse.values import plain

Row = Mapping[str, Any]

_WORDS = ("name", "text", "value", "title", "summary", "label", "content")
_ROWS = ("items", "rows", "checklists", "checklist", "children", "tasks")
_TICKED = ("checked", "isChecked", "ticked", "done", "isDone", "completed", "isCompleted")
_STATES = ("statusId", "status", "state")
_TITLES = ("isHeader", "header", "isHeading", "heading", "isSeparator", "separator", "isDivider", "divider")
_TITLE_TYPES = frozenset({"header", "heading", "separator", "divider", "section", "title", "group"})
_OPTIONAL = ("optional", "isOptional")
_SETTLED = frozenset(
    {
        "done", "checked", "ticked", "complete", "completed", "closed", "resolved", "passed", "true",
        "skipped", "skip", "notapplicable", "na", "irrelevant",
        "gereed", "klaar", "afgerond", "voltooid", "overgeslagen", "nietvantoepassing", "nvt",
    }
)  # fmt: skip
"""States that leave nothing to do; what was skipped or does not apply counts as ticked."""


def read_done_lines(value: Any) -> tuple[DodLine, ...]:
    """Headings and separators are no lines. Raises one of the errors of a record of another shape."""
    if isinstance(value, str):
        rows = _rows_in(value)
        return text.field_lines(value) if rows is None else tuple(_lines_of(rows, has_boxes=True))
    if isinstance(value, Mapping):
        return read_done_lines(plain(value)) if value.get("type") == "doc" else tuple(_lines_of([value]))
    if not isinstance(value, list):
        return ()
    if value and all(isinstance(one, str) for one in value):
        written = "\n".join(value)
        return text.field_lines(written) if text.checklist(written) else tuple(_ticked_options(value))
    return tuple(_lines_of(value))


def _rows_in(written: str) -> Sequence[Any] | None:
    """The rows of a checklist that its app keeps as JSON in a text field; None for any other text."""
    if written.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        rows = orjson.loads(written)
    except orjson.JSONDecodeError:
        return None
    listed = [rows] if isinstance(rows, dict) else rows
    return listed if isinstance(listed, list) and all(isinstance(row, dict) for row in listed) else None


def _ticked_options(options: Sequence[str]) -> Iterator[DodLine]:
    """Of a field with boxes or labels, which lists only what is ticked."""
    for option in options:
        if option.strip():
            yield DodLine(option.strip(), True)


def _lines_of(rows: Sequence[Any], has_boxes: bool = False) -> Iterator[DodLine]:
    """Rows of a checklist have boxes, the options of a field are listed because they are ticked."""
    has_boxes = has_boxes or any(_is_of_a_checklist(row) for row in rows if isinstance(row, Mapping))
    for row in rows:
        if isinstance(row, str):
            yield from _ticked_options([row])
        elif isinstance(row, Mapping):
            yield from _line_of(row, has_boxes)


def _line_of(row: Row, has_boxes: bool) -> Iterator[DodLine]:
    """A checklist within yields its own rows, for its name is a heading."""
    inner = next((row[name] for name in _ROWS if isinstance(row.get(name), list)), None)
    if inner is not None and not _says_whether_ticked(row):
        yield from _lines_of(inner, has_boxes)
        return
    if not _is_title(row):
        is_ticked = not has_boxes or _is_ticked(row)
        is_optional = any(row.get(name) is True for name in _OPTIONAL)
        for line in _written_lines(row):
            yield DodLine(line.text, line.checked or is_ticked, line.optional or is_optional)
    yield from _lines_of(inner or (), has_boxes)


def _written_lines(row: Row) -> tuple[DodLine, ...]:
    """Its text may hold a box or a sign of its own, or be a heading; a colon at its end makes it none."""
    words = next((row[name] for name in _WORDS if row.get(name)), "")
    written = " ".join((plain(words) if isinstance(words, Mapping) else str(words)).split())
    return text.field_lines(written.rstrip(" :"))


def _is_title(row: Row) -> bool:
    kinds = {str(row.get(name)).casefold() for name in ("type", "kind", "itemType")}
    return any(row.get(name) is True for name in _TITLES) or not _TITLE_TYPES.isdisjoint(kinds)


def _is_of_a_checklist(row: Row) -> bool:
    return _says_whether_ticked(row) or any(name in row for name in (*_TITLES, *_OPTIONAL))


def _says_whether_ticked(row: Row) -> bool:
    return any(name in row for name in (*_TICKED, *_STATES))


def _is_ticked(row: Row) -> bool:
    if any(str(row.get(name)).casefold() in ("true", "1") for name in _TICKED):
        return True
    return any(_state_word(row.get(name)) in _SETTLED for name in _STATES)


def _state_word(state: Any) -> str:
    """``notApplicable``, ``NOT_APPLICABLE`` and ``{"name": "Not applicable"}`` alike."""
    word = state.get("name") or state.get("id") if isinstance(state, Mapping) else state
    return "".join(letter for letter in str(word).casefold() if letter.isalnum())
