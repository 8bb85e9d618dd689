"""The lines of a field that holds a Definition of Done: a text, or what a checklist app keeps as YAML."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from connectors.item import DodLine
from connectors.text.bullets import bullet, is_settled
from connectors.text.done.checklists import checklist_line, is_heading, is_separator, spoken_lines

_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|h[1-6]\.)|[ \t]*(\*{1,2}|__)[^*_]{1,100}:?\1[ \t]*:?[ \t]*$")
_TITLE = re.compile(r"\s*(?:-{3}|#{1,6}\s|$)")
_LABEL = re.compile(r".{0,100}:[ \t*_]*$")
_RULE = re.compile(r"[ \t]*(?:[-=_*~][ \t]*){3,}(?:[^-=_*~]{1,100}[-=_*~]{3,})?[ \t]*$")

_LARGEST_YAML = 20_000  # characters
_ROWS_SIGN = re.compile(
    r"^[ \t]*(?:items[ \t]*:|-?[ \t{\[]*(?:text|name|title|label|summary)[ \t]*:)", re.MULTILINE
)
_WORDS = ("text", "name", "title", "label", "summary", "value")
_ROWS = ("items", "checklists", "checklist", "rows", "children")
_TICKED = ("checked", "isChecked", "done", "completed", "ticked")
_STATES = ("status", "state", "statusId")
_TITLES = ("isHeader", "header", "isHeading", "heading", "isSeparator", "separator")
_OPTIONAL = ("optional", "isOptional")


def field_lines(text: str) -> tuple[DodLine, ...]:
    """Every line of its own is one, with or without a bullet or a box; headings and separators are none."""
    rows = _yaml_rows(text)
    return tuple(_spoken(spoken_lines(text)) if rows is None else _row_lines(rows))


def _spoken(lines: Sequence[str]) -> Iterator[DodLine]:
    """An entry of a list may go on below, indented."""
    words, own = "", None
    for place, line in enumerate(lines):
        entry = bullet(line)
        if own and words and entry is None and line.startswith((" ", "\t")) and line.strip():
            words += " " + line.strip()
            continue
        yield from checklist_line(words, own)
        words, own = "", None
        if entry and not is_heading(lines, place, entry) and not is_separator(lines, place, entry):
            words, own = line[entry.content :], entry
        elif entry is None and not (_HEADING.match(line) or _LABEL.match(line) or _RULE.match(line)):
            words = line.strip()
    yield from checklist_line(words, own)


def _yaml_rows(text: str) -> Sequence[Any] | None:
    """None for any other text. Anchors are none that an app writes, and could stand for a great many rows."""
    if len(text) > _LARGEST_YAML or not _ROWS_SIGN.search(text) or re.search(r"(?:^|[\s:,\[{-])[&*]\w", text):
        return None
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError):
        return None
    if isinstance(found, Mapping):
        found = next((found[name] for name in _ROWS if isinstance(found.get(name), list)), None)
    return found if isinstance(found, list) and all(isinstance(row, Mapping) for row in found) else None


def _row_lines(rows: Sequence[Any]) -> Iterator[DodLine]:
    """A checklist within yields its own rows, for its name is a heading."""
    for row in rows:
        if not isinstance(row, Mapping):
            continue
        inner = next((row[name] for name in _ROWS if isinstance(row.get(name), list)), None)
        words = str(next((row[name] for name in _WORDS if row.get(name)), ""))
        is_title = any(row.get(name) is True for name in _TITLES) or row.get("type") in (
            "header",
            "separator",
        )
        if inner is None and not is_title and not _TITLE.match(words):
            entry = bullet(words)
            for line in checklist_line(words[entry.content :] if entry else words, entry):
                is_optional = line.optional or any(row.get(name) is True for name in _OPTIONAL)
                yield DodLine(line.text, line.checked or _is_ticked(row), is_optional)
        yield from _row_lines(inner or ())


def _is_ticked(row: Mapping[str, Any]) -> bool:
    if any(str(row.get(name)).casefold() in ("true", "1", "yes") for name in _TICKED):
        return True
    return any(is_settled(str(row.get(name)).replace("_", " ")) for name in _STATES)
