"""The story's dates: weeks counted from the present one, so that it never ages.

Everything hangs on the Monday of this week. Whatever the story says of this week's past ("w-1")
is past on its Monday and on its Sunday alike, and what is ahead ("w2") is ahead.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from service.demo.story.model import Sprint

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPRINTS = range(-3, 7)
_SPRINT_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Calendar:
    today: date

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    def day(self, words: str) -> date:
        """``w4 fri`` is the Friday in four weeks. Raises ValueError for anything else."""
        match = re.fullmatch(r"w(-?\d+) (\w{3})", words)
        if not match or match[2] not in _DAYS:
            raise ValueError(f"{words!r} is no day of the story; expected something like 'w4 fri'")
        return self.monday + timedelta(weeks=int(match[1]), days=_DAYS.index(match[2]))

    def sprints(self, name: str) -> tuple[Sprint, ...]:
        """Two weeks each, Monday to Sunday; number 0 began this week. Named by the week they begin in."""
        return tuple(self._sprint(name, number) for number in _SPRINTS)

    def _sprint(self, name: str, number: int) -> Sprint:
        start = self.monday + timedelta(weeks=_SPRINT_WEEKS * number)
        year, week, _ = start.isocalendar()
        end = start + timedelta(weeks=_SPRINT_WEEKS, days=-1)
        return Sprint(number, f"{name} {year}-W{week:02}", start, end)
