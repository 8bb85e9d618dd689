"""Durations as people write them in the product file: ``30s``, ``5m``, ``2h``, ``5d``, ``1w``."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def parse_duration(text: Any) -> timedelta:
    """Raises ValueError, worded for the person who wrote it."""
    if isinstance(text, timedelta):
        return text
    match = re.fullmatch(r"\s*(\d{1,6})\s*([smhdw])\s*", str(text))
    if not match:
        raise ValueError("expected a number with s, m, h, d or w, such as 5m or 2d")
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def at_least(shortest: str) -> AfterValidator:
    """A floor for a ``Duration``, said as people write it."""
    floor = parse_duration(shortest)

    def checked(duration: timedelta) -> timedelta:
        if duration < floor:
            raise ValueError(f"is too short; expected at least {shortest}")
        return duration

    return AfterValidator(checked)


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
