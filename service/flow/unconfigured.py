"""What the product waits for and does not read: which line of the product file would change that."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from config.product import connector_kinds
from service.store.database.engine import Connection
from service.store.naming.unconfigured import MOST_KEYS, UnconfiguredProject, unconfigured_projects


class UnconfiguredReferences(NamedTuple):
    """``suggestion`` is a line for ``sources`` in the product file, but for the team and the secret.

    ``site`` is None where nothing says on which the project lives. ``items`` are keys of some that wait.
    """

    site: str | None
    project: str
    references: int
    items: tuple[str, ...]
    suggestion: str


async def unconfigured_references(connection: Connection) -> list[UnconfiguredReferences]:
    """Projects and repositories that open items' dependencies name and no source holds, most named first."""
    return [_references(project) for project in add_up(await unconfigured_projects(connection))]


async def unconfigured_by_source(connection: Connection) -> Mapping[str, Sequence[UnconfiguredReferences]]:
    """The same, apart for each source whose items name something."""
    by_source: dict[str, list[UnconfiguredReferences]] = {}
    for project in await unconfigured_projects(connection):
        by_source.setdefault(project.source, []).append(_references(project))
    return by_source


def add_up(projects: Iterable[UnconfiguredProject]) -> list[UnconfiguredProject]:
    """One for each project, over all sources whose items name it; most named first."""
    sums: dict[tuple[str, str | None, str], UnconfiguredProject] = {}
    for project in projects:
        place = (project.tracker, project.site, project.project)
        before = sums.get(place)
        sums[place] = project if before is None else _add(before, project)
    return sorted(sums.values(), key=lambda one: (-one.references, one.tracker, one.site or "", one.project))


def _add(a: UnconfiguredProject, b: UnconfiguredProject) -> UnconfiguredProject:
    items = tuple(sorted({*a.items, *b.items})[:MOST_KEYS])
    return a._replace(references=a.references + b.references, items=items)


def _references(project: UnconfiguredProject) -> UnconfiguredReferences:
    line = suggest_source(project)
    return UnconfiguredReferences(project.site, project.project, project.references, project.items, line)


def suggest_source(project: UnconfiguredProject) -> str:
    """``- {key: ops, type: jira, url: "https://acme.atlassian.net", project: OPS, team: …, auth: …}``"""
    options = connector_kinds()[project.tracker].Options
    key = re.sub("[^a-z0-9]", "-", project.project.rpartition("/")[2].lower())
    url_field = options.model_fields["url"]
    url = options.url_of(project.site) if project.site else "https://…"
    is_needed = url != url_field.default if project.site else url_field.is_required()
    told_url = f'url: "{url}", ' if is_needed else ""
    holder = "repository" if "repository" in options.model_fields else "project"
    prefix = key.upper().replace("-", "_")
    auth = ", ".join(
        f'{field}: "${{{prefix}_{field.upper()}}}"' for field in options.credential_fields(project.site)
    )
    return (
        f"- {{key: {key}, type: {project.tracker}, {told_url}{holder}: {project.project}, "
        f"team: …, auth: {{{auth}}}}}"
    )
