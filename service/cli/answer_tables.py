"""Answers of the REST API as tables for a terminal. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

Record = Mapping[str, Any]

SEVERITY_STYLE = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=True)
    return table


def backlog(items: Sequence[Record], teams: Mapping[str, str], title: str = "Backlog") -> Table:
    """``teams`` gives names by key. Titles come from trackers, so they are never read as markup."""
    table = _table(title, "#", "key", "team", "title", "P", "due", "goal", "⚠")
    table.columns[0].justify = table.columns[7].justify = "right"
    table.columns[3].no_wrap = False
    for item in items:
        table.add_row(
            str(item["position"] or "–"),
            Text(item["key"]),
            Text(teams.get(item["team"], item["team"])),
            _title(item),
            _priority(item),
            item["due"] or "–",
            item["goal"] or "–",
            Text(f"⚠ {item['conflicts']}", "yellow") if item["conflicts"] else "",
        )
    return table


def _title(item: Record) -> Text:
    """With a word when nobody has touched it for long."""
    mark = (" (stale)", "dim") if item["stale"] else ""
    return Text.assemble(item["title"], mark)


def _priority(item: Record) -> str:
    """``3→1``: what waits for it is more urgent than it says itself."""
    own, effective = item["priority"], item["effective_priority"]
    shown = "–" if own is None else str(own)
    return shown if effective in (None, own) else f"{shown}→{effective}"


def conflicts(items: Sequence[Record], title: str = "Conflicts") -> Table:
    table = _table(title, "severity", "what clashes", "who decides")
    table.columns[1].no_wrap = False
    for conflict in items:
        table.add_row(
            Text(conflict["severity"], SEVERITY_STYLE.get(conflict["severity"], "")),
            Text(conflict["title"]),
            Text(decider(conflict)),
        )
    return table


def decider(conflict: Record) -> str:
    """The person an escalation rule names; else the owners, who settle it between them."""
    if person := conflict["decider"]:
        return str(person.get("name") or person.get("email") or person["role"].replace("_", " "))
    return ", ".join(owner["name"] for owner in conflict["owners"]) or "–"


def done(answer: Record, teams: Mapping[str, str]) -> Table:
    """Definitions of Done side by side: ✓ or the figure where a team has the criterion."""
    table = _table("Definitions of Done", "criterion", *(teams.get(key, key) for key in _columns(answer)))
    table.columns[0].no_wrap = False
    for criterion in answer["criteria"]:
        cells = [_wording(criterion["by_team"][key]) for key in _columns(answer)]
        table.add_row(Text(criterion["text"]), *cells)
    return table


def _columns(answer: Record) -> list[str]:
    return [one["team"] for one in answer["teams"]]


def _wording(wording: Record | None) -> Text:
    if wording is None:
        return Text("missing", "red")
    figure = wording.get("figure")
    return Text("✓" if figure is None else f"✓ {figure:g} {wording.get('unit') or ''}".strip())


def differences(answer: Record, teams: Mapping[str, str]) -> list[Text]:
    """One line per team: what its Definition of Done lacks or has weaker than the others."""
    named = {criterion["id"]: criterion["text"] for criterion in answer["criteria"]}
    lines = []
    for key in _columns(answer):
        lacking = [one for one in answer["differences"] if one["team"] == key and one["kind"] != "wording"]
        said = ", ".join(
            f"{one['kind']} {named.get(one['criterion'], one['criterion'])!r}" for one in lacking
        )
        lines.append(Text(f"{teams.get(key, key)}: {said or 'has every criterion'}"))
    return lines


def severities(items: Sequence[Record]) -> str:
    """``2 critical, 5 medium``."""
    counts = Counter(conflict["severity"] for conflict in items)
    return ", ".join(f"{counts[one]} {one}" for one in SEVERITY_STYLE if counts[one]) or "none"


def moves(items: Sequence[Record]) -> Table:
    """Places in the overarching order; – where an item is not in it."""
    return _changes(
        "Moves", "key", "from", "to", rows=[(one["key"], one["from"], one["to"]) for one in items]
    )


def forecast(epics: Sequence[Record]) -> Table:
    """When epics would be ready; – where nothing is known."""
    rows = [(one["key"], one["before"], one["after"]) for one in epics]
    return _changes("Epics ready", "key", "now", "then", rows=rows)


def _changes(title: str, *columns: str, rows: Sequence[tuple[object, ...]]) -> Table:
    table = _table(title, *columns)
    for row in rows:
        table.add_row(*(Text("–" if cell is None else str(cell)) for cell in row))
    return table


def tokens(items: Sequence[Record]) -> Table:
    table = _table("Tokens", "id", "name", "role", "teams", "created", "last used")
    for token in items:
        cells = (token["id"], token["name"], token["role"], ", ".join(token["teams"]), token["created"])
        table.add_row(*(Text(cell or "–") for cell in (*cells, token["last_used"])))
    return table
