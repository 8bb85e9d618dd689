"""Blockers that open items name and no item answers to."""

from sqlalchemy import literal_column, select, tuple_

from connectors.reference import HAS_SITE
from service.domain.plan.relations import Unresolved
from service.store.database.dialect import not_a_way_in
from service.store.database.engine import Connection
from service.store.naming.claims import Claim
from service.store.naming.look_ups import NAMED
from service.store.tables import item, link, reference, restricted


async def claims(connection: Connection) -> list[tuple[str, Claim]]:
    """(name, link) of links of open items to a blocker, on a known site, that is not among the items.

    A link by a tracker's own id is in here where the tracker says what that is called. What a scan met
    behind a security level is not (see ``hidden``). Open items are most of all: SQLite is kept from
    starting at their index, and finds the few links in an index first.
    """
    columns = [getattr(link.c, name) for name in Claim._fields]
    keys = list(link.primary_key)
    by_name = select(*keys).where(
        link.c.relation == "blocked-by", NAMED.like(HAS_SITE), link.c.ref.not_in(select(restricted.c.ref))
    )
    query = (
        select(NAMED, *columns)
        .join(item, item.c.id == link.c.item)
        .outerjoin(reference, reference.c.ref == link.c.ref)
        .outerjoin(item_there := item.alias("there"), item_there.c.id == reference.c.item)
        .where(
            tuple_(*keys).in_(by_name),
            not_a_way_in(item.c.is_open).is_(True),
            item_there.c.id.is_(None),
        )
    )
    return [(row[0], Claim._make(row[1:])) for row in (await connection.execute(query)).all()]


async def hidden(connection: Connection) -> list[Unresolved]:
    """Open items whose tracker counts more blockers than it lists, or that wait for a restricted item_id.

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
    unlisted_blockers = [
        Unresolved(row[0], "unlisted", "native", "") for row in await connection.execute(unlisted)
    ]
    words_by_item = {row[0]: row[1] for row in await connection.execute(behind)}
    return unlisted_blockers + [
        Unresolved(item_id, "restricted", "native", words) for item_id, words in sorted(words_by_item.items())
    ]
