"""Take out of stored conflicts what they say of items that nobody may see any more."""

from collections.abc import Collection

import orjson

from service.flow.context import Context
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection

_TITLE = {
    "en": "An item of this conflict may no longer be seen.",
    "nl": "Een item van dit conflict mag niet meer worden gezien.",
}


async def redact(context: Context, connection: Connection, hidden: Collection[str]) -> None:
    """The conflicts, resolved ones too, keep their ids and their lives, and nothing of the items' words."""
    title = _TITLE[context.product.product.language]
    for conflict, told in await findings.bodies_with(connection, hidden):
        body = orjson.loads(told)
        body |= {"title": title, "explanation": "", "suggestions": [], "fixes": [], "facts": {}}
        body["items"] = [one for one in body["items"] if one["id"] not in hidden]
        await findings.redact(connection, conflict, orjson.dumps(body).decode(), hidden)
