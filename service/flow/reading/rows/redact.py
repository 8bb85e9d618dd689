"""Take out of what was found and told what it says of items that nobody may see any more."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from connectors.reference import parse
from service.flow.context import Context
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection
from service.store.telling import redaction
from service.store.telling.redaction import Told

_TITLE = {
    "en": "An item of this conflict may no longer be seen.",
    "nl": "Een item van dit conflict mag niet meer worden gezien.",
}


async def redact(context: Context, connection: Connection, hidden: Collection[str]) -> None:
    """The conflicts, resolved ones too, keep their ids and their lives, and nothing of the items' words."""
    concerned = await findings.bodies_with(connection, hidden)
    for conflict, stored in concerned:
        body = _silenced(context, orjson.loads(stored))
        body["items"] = [one for one in body["items"] if one["id"] not in hidden]
        await findings.redact(connection, conflict, orjson.dumps(body).decode(), hidden)
    await _redact_told(context, connection, hidden, {conflict for conflict, _ in concerned})


async def redact_reference(
    context: Context, connection: Connection, ref: str, mentioning: Collection[str]
) -> None:
    """The same of what was said of a name, before anyone knew that it is restricted.

    ``ref`` is canonical; ``mentioning`` are the items that name it.
    """
    named = parse(ref)
    concerned: set[str] = set()
    for conflict, stored in await findings.bodies_with(connection, mentioning):
        body = orjson.loads(stored)
        if named is not None and body["facts"].get("reference") == named.key:
            silenced = orjson.dumps(_silenced(context, body)).decode()
            await findings.redact(connection, conflict, silenced, ())
            concerned.add(conflict)
    await _redact_told(context, connection, (), concerned)


async def _redact_told(
    context: Context, connection: Connection, hidden: Collection[str], conflicts: Collection[str]
) -> None:
    """Events, and what is sent of them now or when it is replayed."""
    ids = {*hidden, *conflicts}
    events = await redaction.events_with(connection, ids)
    await redaction.rewrite_events(connection, [_retold(context, one, hidden, ids) for one in events])
    deliveries = await redaction.deliveries_with(connection, ids)
    await redaction.rewrite_deliveries(connection, [_retold(context, one, hidden, ids) for one in deliveries])


def _retold(context: Context, told: Told, hidden: Collection[str], ids: Collection[str]) -> Told:
    """A text that is no JSON stays: another format wrote it, and nobody knows its words."""
    try:
        data = orjson.loads(told.text)
    except orjson.JSONDecodeError:
        return told
    return told._replace(text=orjson.dumps(_without(context, data, hidden, ids)).decode())


def _without(context: Context, told: Any, hidden: Collection[str], ids: Collection[str]) -> Any:
    """``told`` is any JSON; what is about one of ``ids`` loses its words, wherever it stands."""
    if isinstance(told, list):
        return [_without(context, one, hidden, ids) for one in told]
    if not isinstance(told, Mapping):
        return told
    body = {name: _without(context, value, hidden, ids) for name, value in told.items()}
    members = [one["id"] for one in body.get("items") or () if isinstance(one, Mapping) and "id" in one]
    if body.get("id") not in ids and not any(one in hidden for one in members):
        return body
    if members:
        body["items"] = [one for one in body["items"] if one.get("id") not in hidden]
    return body | {name: value for name, value in _silence(context).items() if name in body}


def _silenced(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    return body | {name: value for name, value in _silence(context).items() if name in body}


def _silence(context: Context) -> dict[str, Any]:
    """What says nothing of an item or a conflict, by the name of the field that it stands in."""
    title = _TITLE[context.product.product.language]
    nothing: dict[str, Any] = {"explanation": "", "suggestions": [], "fixes": [], "facts": {}}
    return nothing | {"title": title, "key": "", "url": None}
