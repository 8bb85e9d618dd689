"""Days and amounts as people of the product's language write them. Pure."""

from datetime import date
from functools import lru_cache
from typing import Literal

Language = Literal["en", "nl"]

_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
}


@lru_cache(maxsize=4096)
def day_text(day: date, language: Language) -> str:
    """``Fri 12 Mar 2027``, ``vr 12 mrt 2027``."""
    return f"{_WEEKDAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]} {day.year}"
