"""Take out of stored conflicts what they say of items that nobody may see any more."""

from collections.abc import Collection
from typing import Any

import orjson

from connectors.reference import parse
from service.flow.context import Context
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection

_TITLE = {
    "en": "An item of this conflict may no longer be seen.",
    "nl": "Een item van dit conflict mag niet meer worden gezien.",
}


async def redact(context: Context, connection: Connection, hidden: Collection[str]) -> None:
    """The conflicts, resolved ones too, keep their ids and their lives, and nothing of the items' words."""
    for conflict, stored in await findings.bodies_with(connection, hidden):
        body = _silenced(context, orjson.loads(stored))
        body["items"] = [one for one in body["items"] if one["id"] not in hidden]
        await findings.redact(connection, conflict, orjson.dumps(body).decode(), hidden)


async def redact_reference(
    context: Context, connection: Connection, ref: str, mentioning: Collection[str]
) -> None:
    """The same of what was said of a name, before anyone knew that it is restricted.

    ``ref`` is canonical; ``mentioning`` are the items that name it.
    """
    named = parse(ref)
    for conflict, stored in await findings.bodies_with(connection, mentioning):
        body = orjson.loads(stored)
        if named is not None and body["facts"].get("reference") == named.key:
            silenced = orjson.dumps(_silenced(context, body)).decode()
            await findings.redact(connection, conflict, silenced, ())


def _silenced(context: Context, body: dict[str, Any]) -> dict[str, Any]:
    title = _TITLE[context.product.product.language]
    return body | {"title": title, "explanation": "", "suggestions": [], "fixes": [], "facts": {}}
