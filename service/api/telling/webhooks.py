"""Outgoing webhooks: who is told what, and where."""

from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from service.api.http import paging, respond
from service.api.http.auth import Po, Principal, Viewer
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.http.problems import Problem, invalid
from service.api.models import webhooks as models
from service.api.models.webhooks import NewWebhook, WebhookChange
from service.api.telling.subscription_bodies import checked, own_teams
from service.delivery.target import masked
from service.domain.notification.event import Interest
from service.errors import NotFound
from service.flow.context import Context
from service.flow.telling.subscriptions import Wish, new_subscription, readable_url, rotate_secret
from service.flow.unit_of_work import unit_of_work
from service.store.telling import subscriptions
from service.store.telling.subscriptions import Subscription

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

WebhookPath = Annotated[str, Path(max_length=100, examples=["whk_2f6d0c"])]


def is_theirs(asking: Principal, subscription: Subscription) -> bool:
    """A po's are those whose teams are all their own."""
    if asking.may("chief_po"):
        return True
    return subscription.owner_teams is not None and all(
        asking.may_write(team) for team in subscription.owner_teams
    )


async def find(context: Context, asking: Principal, webhook_id: str) -> Subscription:
    """Raises NotFound for another's as for none."""
    async with context.database.read() as connection:
        subscription = await subscriptions.get(connection, webhook_id)
    if subscription is None or not is_theirs(asking, subscription):
        raise NotFound("webhook", webhook_id)
    return subscription


def describe_webhook(context: Context, subscription: Subscription) -> dict[str, Any]:
    url = readable_url(context.vault, subscription)
    return {
        "id": subscription.id,
        "key": subscription.key,
        "url": masked(url) if url else "",
        "format": subscription.format,
        "events": subscription.interest.events,
        "teams": subscription.interest.teams,
        "kinds": subscription.interest.kinds,
        "min_severity": subscription.interest.min_severity,
        "mode": subscription.mode,
        "state": subscription.state,
        "created": respond.moment(subscription.created),
    }


@router.get(
    "",
    operation_id="listWebhooks",
    summary="The webhooks that are yours to manage",
    responses={200: {"model": models.WebhookList}},
)
async def list_webhooks(
    request: Request, context: InContext, asking: Viewer, query: Annotated[PageQuery, Query()]
) -> Response:
    async with context.database.read() as connection:
        stored = await subscriptions.all_subscriptions(connection)
    theirs = [one for one in stored if is_theirs(asking, one)]
    shown, following = paging.cut(query, "webhooks", theirs, lambda _, one: (one.created, one.id))
    return respond.fresh_list(
        request, [orjson.dumps(describe_webhook(context, one)) for one in shown], following
    )


@router.post(
    "",
    operation_id="createWebhook",
    summary="Be told; the answer shows the signing secret this once",
    status_code=201,
    responses={201: {"model": models.CreatedWebhook}},
)
async def create_webhook(context: InContext, asking: Po, body: NewWebhook) -> Response:
    teams = own_teams(asking, body.teams)
    interest = Interest(tuple(body.events), teams, tuple(body.kinds), body.min_severity)
    wish = await checked(context, Wish(body.url, body.format, interest, body.mode))
    made, secret = new_subscription(context.vault, wish, asking.id, teams or None, context.clock())
    async with context.database.write() as connection:
        await subscriptions.add(connection, made)
    shown = describe_webhook(context, made) | {"secret": secret}
    return Response(orjson.dumps(shown), 201, {"location": f"/v1/webhooks/{made.id}"}, "application/json")


@router.get(
    "/{webhook_id}",
    operation_id="getWebhook",
    summary="One webhook",
    responses={200: {"model": models.Webhook}},
)
async def get_webhook(
    request: Request, context: InContext, asking: Viewer, webhook_id: WebhookPath
) -> Response:
    subscription = await find(context, asking, webhook_id)
    return respond.fresh(request, orjson.dumps(describe_webhook(context, subscription)))


@router.patch(
    "/{webhook_id}",
    operation_id="changeWebhook",
    summary="Change it, pause it, or take it up again after it was disabled",
    responses={200: {"model": models.Webhook}},
)
async def change_webhook(
    context: InContext, asking: Po, webhook_id: WebhookPath, body: WebhookChange
) -> Response:
    subscription = await find(context, asking, webhook_id)
    _demand_changeable(subscription)
    changed = await _changed(context, asking, subscription, body.model_dump(exclude_unset=True))
    async with unit_of_work(context) as work:
        await subscriptions.save(work.connection, changed)
        work.queue_deliveries()
    return Response(orjson.dumps(describe_webhook(context, changed)), media_type="application/json")


async def _changed(
    context: Context, asking: Principal, subscription: Subscription, values: dict[str, Any]
) -> Subscription:
    old, url = subscription.interest, values.get("url") or readable_url(context.vault, subscription)
    if url is None:
        raise invalid([{"field": "url", "message": "set it again: the stored one can no longer be read"}])
    teams = own_teams(asking, values["teams"]) if "teams" in values else old.teams
    interest = Interest(
        tuple(values.get("events", old.events)),
        teams,
        tuple(values.get("kinds", old.kinds)),
        values.get("min_severity", old.min_severity),
    )
    wish = Wish(
        url, values.get("format", subscription.format), interest, values.get("mode", subscription.mode)
    )
    wish = await checked(context, wish)
    return replace(
        subscription,
        url=context.vault.seal(wish.url),
        format=wish.format,
        interest=wish.interest,
        mode=wish.mode,
        state=values.get("state", subscription.state),
        owner_teams=(teams or None) if "teams" in values else subscription.owner_teams,
    )


@router.delete(
    "/{webhook_id}",
    operation_id="deleteWebhook",
    summary="Take it away, with what is still to be sent",
    status_code=204,
    response_class=Response,
)
async def delete_webhook(context: InContext, asking: Po, webhook_id: WebhookPath) -> Response:
    subscription = await find(context, asking, webhook_id)
    _demand_changeable(subscription)
    async with context.database.write() as connection:
        await subscriptions.remove(connection, [subscription.id])
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/rotate-secret",
    operation_id="rotateWebhookSecret",
    summary="A new signing secret; the old one signs as well for 24 hours",
    responses={200: {"model": models.Secret}},
)
async def rotate_webhook_secret(context: InContext, asking: Po, webhook_id: WebhookPath) -> Response:
    subscription = await find(context, asking, webhook_id)
    secret = await rotate_secret(context, subscription.id)
    return Response(orjson.dumps({"secret": secret}), media_type="application/json")


def _demand_changeable(subscription: Subscription) -> None:
    if subscription.key is not None:
        raise Problem(409, "Configured", f"Change {subscription.key} in the product file, under notify.")
