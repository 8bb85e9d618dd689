"""The rules that find conflicts: each one's text for POs, and its settings."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.models.rules import RuleList
from service.flow.product_plan import rules_of
from service.rules import catalogue

router = APIRouter(prefix="/v1/rules", tags=["conflicts"])


@router.get(
    "",
    operation_id="listRules",
    summary="What counts as a conflict here",
    responses={200: {"model": RuleList}},
)
async def list_rules(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[PageQuery, Query()]
) -> Response:
    set_by_file = rules_of(context.product)
    described = [
        {
            "key": rule.name,
            "title": rule.summary,
            "text": rule.text,
            "example": rule.example,
            "version": rule.version,
            "enabled": set_by_file.get(rule.name, {}) is not None,
            "settings": {**rule.settings, **_plain(set_by_file.get(rule.name) or {})},
        }
        for rule in catalogue()
    ]
    shown, following = paging.cut(query, "rules", described, paging.by_number)
    return respond.fresh_list(request, map(orjson.dumps, shown), following)


def _plain(settings: Any) -> dict[str, Any]:
    """Durations as the product file writes them."""
    return {name: f"{value.days}d" if hasattr(value, "days") else value for name, value in settings.items()}
