"""An item that goes on under another identity, in another project or repository, stays the one it was.

A tracker that gives what it transfers a new id (GitHub) tells so in its webhook, and redirects the old name.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from connectors.contract import Lookup
from connectors.reference import parse
from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.unit_of_work import Work
from service.store.backlog import items
from service.store.naming import item_names
from service.store.naming.sites import Sites, read_sites
from service.store.sources.merged_items import merge

Became = Mapping[str, Lookup]
"""By item id, what its tracker says of the name under which its source no longer has it."""


class Address(NamedTuple):
    """Where an item can be read."""

    source: str
    native_id: str


async def ask_what_became(context: Context, source: str, ids: Collection[str]) -> Became:
    """Of items that their source no longer has. Raises SourceError.

    One that is not in the answer could not be asked: nobody knows, and it stays. What has no name that can
    be asked for, such as a milestone, counts as absent.
    """
    if not ids:
        return {}
    async with context.database.read() as connection:
        named = {one.item: one.present for one in await item_names.names_by_item(connection, ids)}
    names = {item_id: ref for item_id, ref in named.items() if ref is not None and parse(ref) is not None}
    connector = connector_of(context, context.options_of(source))
    answers = await connector.look_up(sorted(names.values())) if names else {}
    asked = {item_id: answers[ref] for item_id, ref in names.items() if ref in answers}
    return {item_id: Lookup("absent") for item_id in ids if item_id not in names} | asked


async def follow_transfers(work: Work, became: Became) -> set[str]:
    """Have those that were transferred to another source read there, under the id they have; which they are.

    Until that source has been read they stand as they were.
    """
    following: set[str] = set()
    sites = await read_sites(work.connection)
    for names in await item_names.names_by_item(work.connection, became.keys()):
        answer = became[names.item]
        if _is_transferred(names, answer) and answer.identity and answer.name:
            following.update(await _follow(work, sites, names.item, answer))
    return following


def _is_transferred(names: item_names.Names, answer: Lookup) -> bool:
    """A name alone that changes is another matter: a move that keeps its identity, a renamed repository."""
    is_other = answer.identity not in names.identities or len(names.identities) > 1
    return answer.state == "item" and answer.name != names.present and is_other


async def _follow(work: Work, sites: Sites, item_id: str, answer: Lookup) -> list[str]:
    """Empty when no source of the product would hold it, or the one that should does not select it."""
    identity, name = answer.identity or "", answer.name or ""
    address = await carry_on(work, item_id, identity)
    if address is None:
        named = parse(name)
        holding = [Address(key, named.key) for key in sites.sources_holding(name)] if named else []
        before = await items.places(work.connection, [item_id])
        if not holding or any(place in before for place in holding):
            return []
        address = holding[0]
    await items.readdress(work.connection, item_id, address.source, address.native_id)
    work.announce(address.source, [address.native_id])
    return [item_id]


async def carry_on(work: Work, item_id: str, identity: str) -> Address | None:
    """From now on ``identity`` means this item. Where it was read as another one, that one is merged into
    it; answers where that was."""
    connection = work.connection
    read_as = (await items.named(connection, [identity])).get(identity)
    if read_as is None or read_as == item_id:
        await item_names.add_names(connection, [(identity, item_id)])
        return None
    places = await items.places(connection, [read_as])
    await merge(connection, item_id, read_as)
    work.touch([item_id, read_as])
    return Address(*places[0]) if places else None


async def follow_webhook(work: Work, source: str, moved: Mapping[str, str]) -> None:
    """``moved``: by native id the identity under which an item goes on."""
    ids = await items.of_source(work.connection, source, moved.keys())
    for native_id, item_id in sorted(ids.items()):
        address = await carry_on(work, item_id, moved[native_id])
        if address is not None:
            await items.readdress(work.connection, item_id, address.source, address.native_id)
            work.announce(address.source, [address.native_id])
