"""The Chief PO's pins: what comes first in the overarching order, with what it needs."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.http import respond
from service.api.http.auth import ChiefPo, Viewer
from service.api.http.deps import InContext
from service.api.http.problems import invalid
from service.api.models.items import Pins
from service.flow.decisions.pin import pin
from service.store.backlog import backlog, pins
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/backlog/order", tags=["backlog"])

MOST_PINS = 200

ItemId = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]


class NewPins(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"pins": ["online-jira:10023"]}]}
    )

    pins: Annotated[list[ItemId], Field(max_length=MOST_PINS)]


@router.get("", operation_id="getOrder", summary="The pins", responses={200: {"model": Pins}})
async def get_order(request: Request, _asking: Viewer) -> Response:
    async def build(connection: Connection) -> bytes:
        return orjson.dumps({"pins": await pins.all_pins(connection)})

    return await respond.answer(request, build)


@router.put("", operation_id="putOrder", summary="Replace the pins", responses={200: {"model": Pins}})
async def put_order(context: InContext, _asking: ChiefPo, body: NewPins) -> Response:
    async with context.database.read() as connection:
        teams_by_item = await backlog.teams_of(connection, body.pins)
    errors = [
        {
            "field": f"pins.{n}",
            "message": "there is no such item" if item_id not in teams_by_item else "pinned twice",
        }
        for n, item_id in enumerate(body.pins)
        if item_id not in teams_by_item or item_id in body.pins[:n]
    ]
    if errors:
        raise invalid(errors)
    await pin(context, body.pins)
    return Response(orjson.dumps({"pins": body.pins}), media_type="application/json")
