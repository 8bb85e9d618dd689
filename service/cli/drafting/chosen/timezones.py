"""The time zone of this machine, as a guess at the product's."""

import os
from pathlib import Path
from zoneinfo import available_timezones

_LINK = Path("/etc/localtime")


def local_timezone() -> str:
    """An IANA name; UTC where the machine does not tell."""
    candidates = (os.environ.get("TZ", "").lstrip(":"), _linked())
    return next((one for one in candidates if is_timezone(one)), "UTC")


def is_timezone(name: str) -> bool:
    return name in available_timezones()


def _linked() -> str:
    try:
        return str(_LINK.resolve()).rpartition("/zoneinfo/")[2]
    except OSError:
        return ""
