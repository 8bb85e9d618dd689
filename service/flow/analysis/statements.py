"""What texts say of other items, as if those items said it themselves."""

from collections.abc import Mapping, Sequence

from connectors.reference import is_certain
from service.flow.analysis.references import settled
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.dependencies.statements import Statement
from service.store.naming.claims import Claim
from service.store.naming.sites import Sites


async def attributed(
    connection: Connection, statements: Sequence[Statement], sites: Sites, source_of: Mapping[str, str]
) -> dict[str, list[Claim]]:
    """Claims of the items that are spoken of, by the canonical reference that each means.

    ``source_of`` the items whose texts they are in. A subject that no item answers to says nothing. What
    only looks like one ("step-2 needs ONL-3") is none: the text then speaks of its own item.
    """
    subjects = {one: sites.settle(one.subject, source_of.get(one.item, "")) for one in statements}
    known = await items.named(connection, sorted({ref for ref in subjects.values() if ref}))
    meant: dict[str, list[Claim]] = {}
    for one, ref in subjects.items():
        speaker = known.get(ref) if ref else None
        if ref is None and not is_certain(one.subject):
            speaker = one.item
        if speaker is None:
            continue
        claim = Claim(speaker, one.relation, one.ref, "text", one.words)
        for meaning, claims in settled([claim], sites, {speaker: source_of.get(one.item, "")}).items():
            meant.setdefault(meaning, []).extend(claims)
    return meant
