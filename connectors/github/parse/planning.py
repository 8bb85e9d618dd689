"""When an issue is planned, by what says so first (rulebook, Due and start), and how much it is. Pure."""

import math
from collections.abc import Mapping
from typing import Any

from connectors.github.parse import fields
from connectors.github.parse.context import ParseContext
from connectors.github.parse.fields import Dated, Iteration, Values


def due_of(
    values: Values, iteration: Iteration | None, milestone: Mapping[str, Any] | None, context: ParseContext
) -> Dated:
    if day := fields.dated(values, context.options.mapping.fields.due, fields.DUE_NAMES):
        return Dated(day, "field")
    if iteration:
        return Dated(iteration.end, "iteration")
    if milestone and milestone["state"] == "OPEN" and milestone.get("dueOn"):
        day = fields.day_of(milestone["dueOn"])
        return Dated(day, "milestone" if day else None)
    return Dated(None, None)


def start_of(values: Values, iteration: Iteration | None, context: ParseContext) -> Dated:
    if day := fields.dated(values, context.options.mapping.fields.start, fields.START_NAMES):
        return Dated(day, "field")
    return Dated(iteration.start, "iteration") if iteration else Dated(None, None)


def estimate_of(values: Values, context: ParseContext) -> float | None:
    """Raises ValueError for what is no finite number of points."""
    mapped = context.options.mapping.fields.estimate
    value = values.first((mapped.casefold(),) if mapped else fields.ESTIMATE_NAMES)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value):
        raise ValueError(f"its estimate is {value}")
    return float(value)
