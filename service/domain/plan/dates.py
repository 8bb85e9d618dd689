"""When a dependent needs its blockers, by the way its product plans. Pure."""

from datetime import date
from typing import Literal, NamedTuple

from service.domain.plan.item import Item, Planned
from service.domain.plan.product import Plan

Mode = Literal["sequential", "concurrent", "end-to-end"]


class Need(NamedTuple):
    """``field`` says which of the dependent's dates it is."""

    day: date
    origin: str | None
    field: Literal["start", "due"]


def date_mode(plan: Plan) -> Mode:
    """What the product file says under dependency-date, even for those who do not use that rule."""
    mode: Mode = (plan.rules.get("dependency-date") or {}).get("mode", "sequential")
    return mode


def needed_on(dependent: Planned, mode: Mode) -> date | None:
    """The day of ``need_of``."""
    return (mode == "sequential" and dependent.start) or dependent.due


def need_of(dependent: Item, mode: Mode) -> Need | None:
    """Sequential work needs its blockers at its start, else its due; other work at its due."""
    if mode == "sequential" and dependent.start:
        return Need(dependent.start, dependent.start_from, "start")
    return Need(dependent.due, dependent.due_from, "due") if dependent.due else None
