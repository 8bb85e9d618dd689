"""How the parts of a product file fit together, as far as they can be read. Pure.

Works on plain data, not on the checked model, so that these problems come together with all others.
"""

import difflib
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from config.extensions import FORMATS, modules
from config.product import planned
from config.product.fields import listed
from config.product.kinds import connector_kinds
from config.product.problems import Path, Problem
from config.product.rules import rule_names
from config.product.tree import Tree

Entry = Mapping[str, Any]

_UNIQUE = (
    ("teams", "key"),
    ("sources", "key"),
    ("goals", "key"),
    ("shared", "component"),
    ("definition_of_done", "id"),
    ("notify", "key"),
)


def check(tree: Tree) -> Iterator[Problem]:
    for section, field in _UNIQUE:
        yield from _twice(tree, section, field)
    yield from _owners(tree)
    yield from _same_readings(tree)
    yield from _goals(tree)
    yield from _teams(tree)
    yield from _deciders(tree)
    yield from _rules(tree)
    yield from _formats(tree)


def _entries(data: Any, *path: str | int) -> Iterator[tuple[Path, Entry]]:
    """Every mapping of a list, with its place; nothing where there is no list."""
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    for place, entry in enumerate(data if isinstance(data, list) else ()):
        if isinstance(entry, dict):
            yield (*path, place), entry


def _texts(entry: Entry, field: str) -> Iterator[tuple[Path, str]]:
    """A list of texts, each with its place below the entry."""
    found = entry.get(field)
    for place, text in enumerate(found if isinstance(found, list) else ()):
        if isinstance(text, str):
            yield (field, place), text


def _first_of(found: Iterable[tuple[Path, Hashable]], told: Callable[[Path], str]) -> Iterator[Problem]:
    """A problem for each that is there already; ``told`` words it from where the first one is."""
    first: dict[Hashable, Path] = {}
    for path, value in found:
        if value in first:
            yield Problem(path, told(first[value]))
        first.setdefault(value, path)


def _twice(tree: Tree, section: str, field: str) -> Iterator[Problem]:
    found = [
        ((*path, field), entry[field].strip().casefold())
        for path, entry in _entries(tree.data, section)
        if isinstance(entry.get(field), str)
    ]
    yield from _first_of(
        found, lambda first: f"is the same as in line {tree.line(first)}; expected another {field}"
    )


def _owners(tree: Tree) -> Iterator[Problem]:
    """A source's items go to one team, or to those of a route."""
    for path, source in _entries(tree.data, "sources"):
        team, route = source.get("team"), source.get("route")
        if team and route:
            yield Problem((*path, "route"), "stands beside team; expected one of the two")
        elif not team and not route:
            yield Problem(path, "says no team; expected team or route")
        elif isinstance(route, list):
            yield from _route((*path, "route"), route)


def _route(path: Path, route: list[Any]) -> Iterator[Problem]:
    for place, entry in enumerate(route):
        if not isinstance(entry, dict):
            continue
        is_last, has_when = place == len(route) - 1, bool(entry.get("when"))
        if is_last and has_when:
            yield Problem(
                (*path, place, "when"), "leaves items without a team; expected none in the last entry"
            )
        elif not is_last and not has_when:
            yield Problem((*path, place), "takes every item; expected a when in all but the last entry")


def _same_readings(tree: Tree) -> Iterator[Problem]:
    found = [(path, what) for path, source in _entries(tree.data, "sources") if (what := _reading(source))]
    yield from _first_of(
        found,
        lambda first: f"reads the same as the source in line {tree.line(first)}; expected another filter",
    )


def _reading(source: Entry) -> tuple[str, ...] | None:
    """What a source reads, by the fields that any tracker names it with."""
    kind = connector_kinds().get(str(source.get("type")))
    name = source.get("repository") or source.get("project")
    if kind is None or not isinstance(name, str):
        return None
    field = kind.Options.model_fields.get("url")
    url = source.get("url") or (field.default if field else "")
    filter_ = " ".join(str(source.get("filter") or "").split())
    return str(source["type"]), str(url).rstrip("/").casefold(), name.casefold(), filter_


def _goals(tree: Tree) -> Iterator[Problem]:
    for path, goal in _entries(tree.data, "goals"):
        select = goal.get("select")
        if isinstance(select, dict) and not any(select.values()):
            yield Problem((*path, "select"), "selects nothing; expected labels, components, epics or title")


def _named(tree: Tree, section: str, field: str) -> list[str]:
    found = (entry.get(field) for _, entry in _entries(tree.data, section))
    return [one for one in found if isinstance(one, str)]


def _teams(tree: Tree) -> Iterator[Problem]:
    """Nothing while no team can be read: that is said already."""
    known = _named(tree, "teams", "key")
    if not known:
        return
    for path, name in _team_names(tree):
        if name not in known:
            yield Problem(path, _unknown(tree, path, name, "team", known))


def _team_names(tree: Tree) -> Iterator[tuple[Path, str]]:
    for path, source in _entries(tree.data, "sources"):
        places = [((*path, "team"), source.get("team"))]
        places += [((*path, *below, "team"), entry.get("team")) for below, entry in _entries(source, "route")]
        yield from ((where, name) for where, name in places if isinstance(name, str))
    for path, notify in _entries(tree.data, "notify"):
        yield from (((*path, *below), name) for below, name in _texts(notify, "teams"))


def _unknown(tree: Tree, path: Path, name: str, what: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1, 0.7)
    hint = f"did you mean {near[0]}?" if near else f"expected {listed(known)}"
    return f"{tree.shown(path)} is no {what}; {hint}"


def _deciders(tree: Tree) -> Iterator[Problem]:
    known = ["chief_po", *_named(tree, "teams", "key")]
    for path, step in _entries(tree.data, "escalation"):
        name = step.get("decider")
        if isinstance(name, str) and name.strip() and name not in known and not _is_email(name):
            told = tree.shown((*path, "decider"))
            text = f"{told} is no decider; expected an e-mail address or one of {listed(known)}"
            yield Problem((*path, "decider"), text)


def _is_email(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at and host) and "@" not in host and not any(one.isspace() for one in text)


def _rules(tree: Tree) -> Iterator[Problem]:
    """Wherever kinds of conflicts are named."""
    for path, step in _entries(tree.data, "escalation"):
        when = step.get("when")
        if isinstance(when, dict):
            yield from _unknown_rules(tree, (*path, "when"), when, "kind")
    for path, notify in _entries(tree.data, "notify"):
        yield from _unknown_rules(tree, path, notify, "kinds")


def _unknown_rules(tree: Tree, path: Path, entry: Entry, field: str) -> Iterator[Problem]:
    for below, name in _texts(entry, field):
        where = (*path, *below)
        yield from _unavailable(tree, where, name, "rule", planned.RULES, rule_names())


def _formats(tree: Tree) -> Iterator[Problem]:
    for path, notify in _entries(tree.data, "notify"):
        name = notify.get("format")
        if isinstance(name, str) and name.strip():
            where = (*path, "format")
            yield from _unavailable(
                tree, where, name.strip(), "format", planned.FORMATS, tuple(modules(FORMATS))
            )


def _unavailable(
    tree: Tree, path: Path, name: str, what: str, coming: Collection[str], existing: Sequence[str]
) -> Iterator[Problem]:
    """Of a name of ``existing`` nothing; ``coming`` are those that are not there yet."""
    if name not in existing:
        told = planned.not_yet(name, coming, existing)
        yield Problem(path, told or _unknown(tree, path, name, what, existing))
