"""What was sent to a webhook and what came of it; sending once more, and a test."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from service.api.http import paging, respond
from service.api.http.auth import Po, Principal, Viewer
from service.api.http.deps import InContext
from service.api.http.paging import DEFAULT_LIMIT, Cursor, Limit
from service.api.models import webhooks as models
from service.api.models.webhooks import DeliveryState, Replay
from service.api.telling.webhooks import WebhookPath, find
from service.delivery.sender import Sender
from service.errors import NotFound
from service.flow.telling.attempt import send_test
from service.flow.telling.subscriptions import guard_of
from service.flow.unit_of_work import unit_of_work
from service.store.telling import deliveries
from service.store.telling.deliveries import Listed

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.post(
    "/{webhook_id}/test",
    operation_id="testWebhook",
    summary="Send a signed event of type `test` now, and say what came of it",
    responses={200: {"model": models.Tested}},
)
async def try_webhook(context: InContext, asking: Po, webhook_id: WebhookPath) -> Response:
    subscription = await find(context, asking, webhook_id)
    async with Sender(guard_of(context)) as sender:
        taken, outcome, at = await send_test(context, sender, subscription)
    attempt = _attempt(outcome, 1, at, asking)
    shown = {"delivery": taken.id, "delivered": outcome.is_delivered, "attempt": attempt}
    return Response(orjson.dumps(shown), media_type="application/json")


@router.post(
    "/{webhook_id}/replay",
    operation_id="replayWebhook",
    summary="Send again, under the same ids",
    status_code=202,
    responses={202: {"model": models.Replayed}},
)
async def replay_webhook(context: InContext, asking: Po, webhook_id: WebhookPath, body: Replay) -> Response:
    subscription = await find(context, asking, webhook_id)
    since = body.since.timestamp() if body.since else None
    async with unit_of_work(context) as work:
        count = await deliveries.replay(work.connection, subscription.id, since=since, only=body.delivery)
        work.queue_deliveries()
    if body.delivery is not None and count == 0:
        raise NotFound("delivery that was delivered or is dead", body.delivery)
    return Response(orjson.dumps({"replayed": count}), 202, media_type="application/json")


@router.get(
    "/{webhook_id}/deliveries",
    operation_id="listDeliveries",
    summary="Newest first, each with its attempts",
    responses={200: {"model": models.DeliveryList}},
)
async def list_deliveries(
    request: Request,
    context: InContext,
    asking: Viewer,
    webhook_id: WebhookPath,
    state: Annotated[DeliveryState | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    subscription = await find(context, asking, webhook_id)
    before = paging.place_of(cursor, "deliveries", created=paging.MOMENT, id=paging.TEXT)
    async with context.database.read() as connection:
        rows = await deliveries.listed(connection, subscription.id, state, before, limit + 1)
        attempts = await deliveries.attempts(connection, [row.id for row in rows[:limit]])
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = paging.encode_cursor({"of": "deliveries", "created": last.created, "id": last.id})
    return respond.fresh_list(request, _render_deliveries(rows[:limit], attempts, asking), following)


def _render_deliveries(rows: Sequence[Listed], attempts: Sequence[Any], asking: Principal) -> list[bytes]:
    tried = defaultdict(list)
    for row in attempts:
        tried[row.delivery].append(_attempt(row, row.number, row.at, asking))
    return [
        orjson.dumps(
            {
                "id": row.id,
                "type": row.type,
                "state": row.state,
                "created": respond.moment(row.created),
                "next_attempt": respond.moment(row.due) if row.state in ("pending", "collecting") else None,
                "attempts": tried[row.id],
            }
        )
        for row in rows
    ]


def _attempt(outcome: Any, number: int, at: float, asking: Principal) -> dict[str, Any]:
    """``outcome`` is an Outcome or a row that keeps one."""
    return {
        "number": number,
        "at": respond.moment(at),
        "duration": round(outcome.duration, 3),
        "status": outcome.status,
        "error": outcome.error,
        "answer": outcome.answer if asking.may("admin") else None,
    }
