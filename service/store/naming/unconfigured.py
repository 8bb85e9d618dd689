"""Dependencies of open items on projects and repositories that are no source of the product."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import and_, select

from connectors.reference import Reference, Tracker, is_certain, parse
from service.store.database.dialect import not_a_way_in
from service.store.database.engine import Connection
from service.store.naming import item_names, look_ups
from service.store.naming.claims import BLOCKING
from service.store.naming.look_ups import NAMED
from service.store.naming.sites import Sites, read_sites
from service.store.tables import item, link, reference

MOST_KEYS = 5  # that are named of those who reference one project


class UnconfiguredProject(NamedTuple):
    """As items of one source name it. ``site`` is None where nothing says it.

    ``items`` are the keys of some that reference it, sorted.
    """

    source: str
    tracker: Tracker
    site: str | None
    project: str  # a Jira project's key, or a GitHub repository ("acme/web")
    references: int  # pairs of an item and what it names
    items: tuple[str, ...]


class _Project(NamedTuple):
    source: str  # whose items name it
    tracker: Tracker
    site: str  # "" where nothing says it
    project: str


class _Reference(NamedTuple):
    key: str  # of the item that says it
    source: str
    ref: str


async def unconfigured_projects(connection: Connection) -> list[UnconfiguredProject]:
    """By source; those that are referenced most come first. Only links that no source answers to are read.

    Not what is written like a key in small letters ("covid-19"), nor pull requests, nor old names that
    lead to an item of the backlog.
    """
    sites = await read_sites(connection)
    mentions = await _references(connection, sites)
    meant = {one: named for one in mentions if (named := _named(one, sites)) is not None}
    names = {str(named) for named in meant.values()}
    states = await look_ups.states(connection, names)
    there = await item_names.present(connection, names)
    numbers: dict[_Project, set[tuple[str, str]]] = {}
    for one, named in meant.items():
        if states.get(str(named)) != "other" and str(named) not in there:
            project = _Project(one.source, named.tracker, named.site or "", named.container)
            numbers.setdefault(project, set()).add((one.key, named.number))
    return sorted(
        _projects(numbers),
        key=lambda one: (-one.references, one.tracker, one.site or "", one.project, one.source),
    )


async def _references(connection: Connection, sites: Sites) -> list[_Reference]:
    there = item.alias("there")
    answered = and_(reference.c.ref == NAMED, reference.c.item == there.c.id)
    query = (
        select(item.c.key, item.c.source, NAMED)
        .select_from(link)
        .join(item, item.c.id == link.c.item)
        .where(
            link.c.relation.in_(BLOCKING),
            not_a_way_in(item.c.is_open).is_(True),
            NAMED.is_not(None),
            *(~NAMED.startswith(start, autoescape=True) for start in _held_starts(sites)),
            ~select(there.c.id).select_from(reference).join(there, answered).exists(),
        )
        .distinct()
    )
    return [_Reference._make(row) for row in await connection.execute(query)]


def _held_starts(sites: Sites) -> Iterator[str]:
    """How references to what a source holds begin, with and without a site. One end is enough to tell."""
    for prefix in sorted(sites.held):
        separated = [named for sign in "-#" if (named := parse(f"{prefix}{sign}1")) is not None]
        for named in separated:
            yield str(named)[:-1]
            yield f"{named.tracker}:{named.key}"[:-1]


def _named(mention: _Reference, sites: Sites) -> Reference | None:
    if not is_certain(mention.ref):
        return None
    settled = sites.settle(mention.ref, mention.source)
    named = parse(settled or mention.ref)
    return None if named is None or sites.is_held(str(named)) else named


def _projects(numbers: Mapping[_Project, set[tuple[str, str]]]) -> Iterator[UnconfiguredProject]:
    """``numbers``: by project (key of the item that names it, what it names there)."""
    for (source, tracker, site, project), pairs in numbers.items():
        keys = tuple(sorted({key for key, _ in pairs})[:MOST_KEYS])
        yield UnconfiguredProject(source, tracker, site or None, project, len(pairs), keys)
