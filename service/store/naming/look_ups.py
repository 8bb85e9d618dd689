"""Names that items mention and no stored item answers to: what their tracker said, when to ask again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update

from connectors.contract import Lookup
from connectors.reference import IS_NATIVE_ID, IS_NUMBERED, parse
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, insert, not_a_way_in
from service.store.database.engine import Connection
from service.store.naming import restricted
from service.store.naming.claims import BLOCKING, TYING
from service.store.tables import item, link, look_up, reference, statement

State = Literal["item", "other", "hidden", "absent"]


class Mention(NamedTuple):
    """``ref`` as a link has it: canonical, or without a site in an item of ``source``."""

    source: str
    ref: str


class DueName(NamedTuple):
    """``state`` None: it was never asked. ``times``: asked in a row with that outcome."""

    ref: str
    state: State | None
    times: int


class Said(NamedTuple):
    """An answer to store. ``lookup`` None: the tracker did not say this time, what is stored stays."""

    ref: str
    lookup: Lookup | None
    times: int
    due: float


IS_ID: ColumnElement[bool] = link.c.ref.like(IS_NATIVE_ID) & link.c.ref.not_like(IS_NUMBERED)
NAMED = case((IS_ID, link.c.name), else_=link.c.ref)
"""What a link's other end is called, where that is known."""


_MENTIONS = ((link, link.c.ref), (statement, statement.c.subject), (statement, statement.c.ref))


async def unanswered_mentions(connection: Connection, closed_since: str) -> list[Mention]:
    """What links that mean something name, and neither a stored item nor a look-up answers to.

    Of items that are open or were closed on or after ``closed_since``, an ISO day. Links without a site
    are all in it, and what texts say of other items: what they mean, and whether an item answers to it, is
    for the caller to settle. One pass over the links.
    """
    there = item.alias("there")
    answered = and_(reference.c.ref == link.c.ref, reference.c.item == there.c.id)
    query = (
        select(item.c.source, NAMED)
        .distinct()
        .select_from(link)
        .join(item, item.c.id == link.c.item)
        .where(
            link.c.relation.in_((*BLOCKING, *TYING)),
            or_(not_a_way_in(item.c.is_open).is_(True), item.c.closed_on >= closed_since),
            NAMED.is_not(None),
            ~select(there.c.id).select_from(reference).join(there, answered).exists(),
            ~select(look_up.c.ref).where(look_up.c.ref == NAMED).exists(),
        )
    )
    mentions = {Mention._make(row) for row in await connection.execute(query)}
    for named in (statement.c.subject, statement.c.ref):
        spoken = select(item.c.source, named).distinct().join(item, item.c.id == statement.c.item)
        unknown = spoken.where(~select(look_up.c.ref).where(look_up.c.ref == named).exists())
        mentions.update(Mention._make(row) for row in await connection.execute(unknown))
    return sorted(mentions | await _unanswered_parents(connection))


async def _unanswered_parents(connection: Connection) -> set[Mention]:
    """Names of what open items lie under. Those of a tracker's own id need no look-up."""
    is_name = item.c.parent_ref.not_like(IS_NATIVE_ID) | item.c.parent_ref.like(IS_NUMBERED)
    known = select(reference.c.ref).where(reference.c.ref == item.c.parent_ref).exists()
    asked = select(look_up.c.ref).where(look_up.c.ref == item.c.parent_ref).exists()
    query = select(item.c.source, item.c.parent_ref).distinct()
    unknown = query.where(item.c.is_open.is_(True), item.c.parent_ref.is_not(None), is_name, ~known, ~asked)
    return {Mention._make(row) for row in await connection.execute(unknown)}


async def note(connection: Connection, names: Iterable[tuple[str, str]], now: float) -> None:
    """(name, source that is to ask): due at once, where they are not known yet."""
    statement = insert(connection, look_up).values(dict.fromkeys(("ref", "source", "times", "due")))
    rows = [{"ref": ref, "source": source, "times": 0, "due": now} for ref, source in sorted(names)]
    await write_many(connection, statement.on_conflict_do_nothing(), rows)


async def known(connection: Connection, refs: Collection[str]) -> set[str]:
    """Those that were asked or are to be asked."""
    known_refs: set[str] = set()
    for part in chunks(sorted(refs)):
        known_refs.update(
            (await connection.execute(select(look_up.c.ref).where(look_up.c.ref.in_(part)))).scalars()
        )
    return known_refs


async def states(connection: Connection, refs: Collection[str]) -> dict[str, State]:
    """What trackers said, and what is restricted; names that were not asked yet are not in it."""
    states_by_ref: dict[str, State] = {}
    query = select(look_up.c.ref, look_up.c.state).where(look_up.c.state.is_not(None))
    for part in chunks(sorted(refs)):
        states_by_ref.update(
            (row[0], row[1]) for row in await connection.execute(query.where(look_up.c.ref.in_(part)))
        )
    hidden: dict[str, State] = dict.fromkeys(await restricted.among(connection, refs), "hidden")
    return states_by_ref | hidden


async def due(connection: Connection, source: str, now: float, most: int) -> list[DueName]:
    """Names never asked first, then those that wait longest."""
    query = (
        select(look_up.c.ref, look_up.c.state, look_up.c.times)
        .where(look_up.c.source == source, look_up.c.due <= now)
        .order_by(look_up.c.state.is_not(None), look_up.c.due, look_up.c.ref)
        .limit(most)
    )
    return [DueName._make(row) for row in await connection.execute(query)]


async def sources_due(connection: Connection, now: float) -> set[str]:
    query = select(look_up.c.source).where(look_up.c.due <= now).distinct()
    return set((await connection.execute(query)).scalars())


async def save(connection: Connection, answers: Sequence[Said], now: float) -> None:
    for said in answers:
        values: dict[str, object] = {"times": said.times, "due": said.due}
        if said.lookup is not None:
            values |= {
                "state": said.lookup.state,
                "identity": said.lookup.identity,
                "name": None if said.lookup.state == "hidden" else said.lookup.name,
                "asked": now,
            }
        await connection.execute(update(look_up).where(look_up.c.ref == said.ref).values(**values))


async def forget(connection: Connection, refs: Collection[str]) -> None:
    for part in chunks(sorted(refs)):
        await connection.execute(delete(look_up).where(look_up.c.ref.in_(part)))


async def forget_sources(connection: Connection, staying: Sequence[str]) -> None:
    """Names that a source was to be asked for which has left the product file."""
    await connection.execute(delete(look_up).where(look_up.c.source.not_in(staying)))


async def leading_to(connection: Connection, identities: Collection[str]) -> list[tuple[str, str]]:
    """(name, identity) of names that their tracker says lead to one of these."""
    names: list[tuple[str, str]] = []
    query = select(look_up.c.ref, look_up.c.identity).where(look_up.c.state == "item")
    for part in chunks(sorted(identities)):
        rows = await connection.execute(query.where(look_up.c.identity.in_(part)))
        names += [(row[0], row[1]) for row in rows]
    return names


async def mentioning(connection: Connection, names: Mapping[str, str | None]) -> dict[str, set[str]]:
    """By name the items that mention it; ``names`` with the identity each leads to, where that is known.

    Without a site "ONL-12" may mean another site's: whoever writes it is in it too.
    """
    spelt: dict[str, set[str]] = {}
    for name, identity in names.items():
        named = parse(name)
        for ref in (name, identity, *(named.spellings if named else ())):
            if ref is not None:
                spelt.setdefault(ref, set()).add(name)
    mentions: dict[str, set[str]] = {name: set() for name in names}
    for part in chunks(sorted(spelt)):
        for table, column in _MENTIONS:
            rows = await connection.execute(select(column, table.c.item).where(column.in_(part)))
            for ref, item_id in rows:
                for name in spelt[ref]:
                    mentions[name].add(item_id)
    return mentions


async def parents_among(connection: Connection, names: Collection[str]) -> set[str]:
    """Those of ``names`` under which open items lie. One pass over the items: ask it rarely."""
    parents: set[str] = set()
    for part in chunks(sorted(names)):
        query = select(item.c.parent_ref).where(item.c.is_open.is_(True), item.c.parent_ref.in_(part))
        parents.update((await connection.execute(query.distinct())).scalars())
    return parents


async def unasked_counts(connection: Connection) -> dict[str, int]:
    """By source, how many names are still to be asked."""
    query = select(look_up.c.source, func.count()).where(look_up.c.state.is_(None))
    return {row[0]: row[1] for row in await connection.execute(query.group_by(look_up.c.source))}
