"""The rules that find conflicts: each one's text for POs, and its settings."""

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from service.api import models, respond
from service.api.auth import Viewer
from service.api.deps import InContext
from service.flow.plan import rules_of
from service.rules import catalogue

router = APIRouter(prefix="/v1/rules", tags=["conflicts"])


@router.get(
    "",
    operation_id="listRules",
    summary="What counts as a conflict here",
    responses={200: {"model": models.RuleList}},
)
async def list_rules(request: Request, _asking: Viewer, context: InContext) -> Response:
    told = rules_of(context.product)
    found = [
        {
            "name": entry.name,
            "version": entry.version,
            "summary": entry.summary,
            "description": entry.text,
            "enabled": told.get(entry.name, {}) is not None,
            "settings": {**entry.settings, **_plain(told.get(entry.name) or {})},
        }
        for entry in catalogue()
    ]
    return respond.fresh(request, orjson.dumps({"items": found, "next": None}))


def _plain(settings: Any) -> dict[str, Any]:
    """Durations as the product file writes them."""
    return {
        name: f"{value.days}d" if hasattr(value, "days") else value for name, value in settings.items()
    }
