"""Blockers that open items name and no item answers to."""

from sqlalchemy import literal_column, select, tuple_

from connectors.reference import HAS_SITE
from service.domain.plan.relations import Unresolved
from service.store.database.dialect import not_a_way_in
from service.store.database.engine import Connection
from service.store.naming.claims import Claim
from service.store.naming.look_ups import NAMED
from service.store.tables import item, link, reference, restricted


async def claims(connection: Connection) -> list[Claim]:
    """Links of open items to a blocker by name, on a known site, that is not among the items.

    ``ref`` is the name, also of a link by a tracker's own id that says it. What a scan met behind a
    security level is not in here (see ``hidden``). Open items are most of all: SQLite is kept from starting
    at their index, and finds the few links in an index first.
    """
    columns = [NAMED if name == "ref" else getattr(link.c, name) for name in Claim._fields]
    keys = list(link.primary_key)
    by_name = select(*keys).where(
        link.c.relation == "blocked-by", NAMED.like(HAS_SITE), link.c.ref.not_in(select(restricted.c.ref))
    )
    query = (
        select(*columns)
        .join(item, item.c.id == link.c.item)
        .outerjoin(reference, reference.c.ref == link.c.ref)
        .outerjoin(item_there := item.alias("there"), item_there.c.id == reference.c.item)
        .where(
            tuple_(*keys).in_(by_name),
            not_a_way_in(item.c.is_open).is_(True),
            item_there.c.id.is_(None),
        )
    )
    return [Claim._make(row) for row in (await connection.execute(query)).all()]


async def hidden(connection: Connection) -> list[Unresolved]:
    """Open items whose tracker counts more blockers than it lists, or that wait for a restricted one.

    SQLite sees that an index holds the former: zero is no parameter, and no other index looks better.
    """
    unlisted = (
        select(item.c.id)
        .where(not_a_way_in(item.c.is_open).is_(True), item.c.hidden_blockers > literal_column("0"))
        .order_by(item.c.id)
    )
    behind = (
        select(link.c.item, link.c.words)
        .join(item, item.c.id == link.c.item)
        .where(
            link.c.ref.in_(select(restricted.c.ref)),
            link.c.relation == "blocked-by",
            not_a_way_in(item.c.is_open).is_(True),
        )
    )
    found = [Unresolved(row[0], "unlisted", "native", "") for row in await connection.execute(unlisted)]
    told = {row[0]: row[1] for row in await connection.execute(behind)}
    return found + [Unresolved(one, "restricted", "native", words) for one, words in sorted(told.items())]
