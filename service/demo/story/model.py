"""A ticket before it becomes a Jira or a GitHub issue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sprint:
    """``number`` counts from the running one, which is 0. Both days belong to it."""

    number: int
    name: str
    start: date
    end: date

    @property
    def state(self) -> Literal["closed", "active", "future"]:
        """As Jira says it: closed, active or future."""
        if self.number == 0:
            return "active"
        return "closed" if self.number < 0 else "future"


@dataclass(frozen=True, slots=True)
class Ticket:
    """``blocked_by`` names tickets by ref; ``text`` is complete, with their keys written in."""

    team: str
    ref: str
    number: int
    key: str  # as people say it in its tracker
    title: str
    kind: str  # epic, story, bug
    state: str  # todo, doing, done, dropped
    priority: int  # 1 to 5
    created: datetime
    updated: datetime
    closed: datetime | None = None
    epic: str | None = None  # its epic's ref
    start: date | None = None
    due: date | None = None
    sprint: Sprint | None = None
    release: str | None = None
    assignee: str | None = None
    estimate: int | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in {"todo", "doing"}

    @property
    def is_worked_on(self) -> bool:
        """Its team has looked at its Definition of Done."""
        return self.kind != "epic" and self.state in {"doing", "done"}


@dataclass(frozen=True, slots=True)
class TeamStory:
    """``tickets`` in the order of their numbers; ``releases`` by name with their day."""

    key: str
    tickets: tuple[Ticket, ...]
    sprints: tuple[Sprint, ...]
    releases: Mapping[str, date]
    definition_of_done: tuple[str, ...]
    epics_are_milestones: bool

    @property
    def in_order(self) -> tuple[Ticket, ...]:
        """The team's own order: by priority, then the week it plans to begin, then age."""
        return tuple(sorted(self.tickets, key=_planned))


@dataclass(frozen=True)
class Story:
    today: date
    teams: Mapping[str, TeamStory]

    @cached_property
    def tickets(self) -> Mapping[str, Ticket]:
        """Every ticket by its ref."""
        return {ticket.ref: ticket for team in self.teams.values() for ticket in team.tickets}


def _planned(ticket: Ticket) -> tuple[int, date, int]:
    days = (ticket.start, ticket.sprint.start if ticket.sprint else None, ticket.due)
    begins = next((day for day in days if day is not None), date.max)
    return ticket.priority, begins, ticket.number
