"""Fields the product file names, held against those that the Project and the organisation have. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.contract import SourceError
from connectors.github.options import Options
from connectors.github.parse.fields import DUE_NAMES, ESTIMATE_NAMES, START_NAMES

_KINDS = {"start": "DATE", "due": "DATE", "estimate": "NUMBER"}
_USUAL = {"start": START_NAMES, "due": DUE_NAMES, "estimate": ESTIMATE_NAMES, "priority": ("priority",)}


def fields_of(holder: Mapping[str, Any], part: str) -> dict[str, tuple[str, str]]:
    """Casefolded name → (name, data type)."""
    nodes = (holder.get(part) or {}).get("nodes") or ()
    return {one["name"].casefold(): (one["name"], one["dataType"]) for one in nodes if one and "name" in one}


def used_fields(
    own: Mapping[str, tuple[str, str]], project: Mapping[str, tuple[str, str]], options: Options
) -> dict[str, str]:
    """What stands for what: {"due": "Target date (Project)"}; an issue's own field before the Project's.

    Raises SourceError when a field that the product file maps is not there or of another type.
    """
    used: dict[str, str] = {}
    for what, names in _USUAL.items():
        mapped = getattr(options.mapping.fields, what, None)
        if mapped:
            _check(what, mapped, own, project)
        holder = _first((mapped.casefold(),) if mapped else names, own, project)
        if holder:
            used[what] = holder
    return used


def _first(
    names: Iterable[str], own: Mapping[str, tuple[str, str]], project: Mapping[str, tuple[str, str]]
) -> str | None:
    for held, where in ((own, "issue field"), (project, "Project")):
        for name in names:
            if name in held:
                return f"{held[name][0]} ({where})"
    return None


def _check(
    what: str, mapped: str, own: Mapping[str, tuple[str, str]], project: Mapping[str, tuple[str, str]]
) -> None:
    field = own.get(mapped.casefold()) or project.get(mapped.casefold())
    if field is None:
        known = ", ".join(sorted(name for name, _ in {**project, **own}.values())) or "none"
        raise SourceError(
            "mapping", f"mapping.fields.{what}: there is no field named {mapped!r} (there are: {known})"
        )
    if field[1] != _KINDS[what]:
        wanted = _KINDS[what].lower()
        raise SourceError(
            "mapping", f"mapping.fields.{what}: {mapped!r} is a {field[1].lower()} field, expected a {wanted}"
        )
