"""The story's tickets as GitHub issues: Stores' are planned in a Project, Data's only by milestones."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.github.simulator import GitHubHost, issue, milestone, project, project_values
from service.demo import story as told
from service.demo.addresses import ORGANISATION, Addresses

_TEAMS = ("stores", "data")
_PRIORITIES = ("Urgent", "High", "Medium", "Low", "Lowest")  # from 1 to 5
_STATUSES = {"todo": "Todo", "doing": "In progress", "done": "Done", "dropped": "Done"}
_REASONS = {"done": "completed", "dropped": "not_planned"}
_SPRINT_DAYS = 14
_TYPES = {"epic": "Epic", "story": "Feature", "bug": "Bug"}


def github_host(story: told.Story, addresses: Addresses, token: str) -> GitHubHost:
    """Both repositories, and the Project of Stores."""
    teams = {team: _Repository(story, story.teams[team]) for team in _TEAMS}
    return GitHubHost(
        repositories={_repository(team): one.issues() for team, one in teams.items()},
        projects={f"{ORGANISATION}/1": project("Stores planning", [_repository("stores")])},
        files={_repository("data"): {"DEFINITION_OF_DONE.md": _document(story.teams["data"])}},
        milestones={_repository(team): one.milestones() for team, one in teams.items()},
        token=token,
        url=addresses.github,
    )


def _repository(team: str) -> str:
    return f"{ORGANISATION}/{team}"


@dataclass(frozen=True, slots=True)
class _Repository:
    story: told.Story
    team: told.TeamStory

    def milestones(self) -> list[dict[str, Any]]:
        if not self.team.epics_are_milestones:
            return []
        return [_milestone(ticket) for ticket in self.team.tickets if ticket.kind == "epic"]

    def issues(self) -> list[dict[str, Any]]:
        places = {ticket.ref: place for place, ticket in enumerate(self.team.in_order)}
        return [
            self._issue(ticket, places[ticket.ref])
            for ticket in self.team.tickets
            if not (self.team.epics_are_milestones and ticket.kind == "epic")
        ]

    def _issue(self, ticket: told.Ticket, place: int) -> dict[str, Any]:
        return issue(
            ticket.number,
            ticket.title,
            body=self._body(ticket),
            labels=self._labels(ticket),
            assignees=[ticket.assignee] if ticket.assignee else [],
            state="open" if ticket.is_open else "closed",
            state_reason=_REASONS.get(ticket.state),
            type=_TYPES[ticket.kind],
            blocked_by=[self._named(ref) for ref in ticket.blocked_by],
            created_at=_moment(ticket.created),
            updated_at=_moment(ticket.updated),
            closed_at=_moment(ticket.closed) if ticket.closed else None,
            **(
                self._by_milestone(ticket) if self.team.epics_are_milestones else self._planned(ticket, place)
            ),
        )

    def _by_milestone(self, ticket: told.Ticket) -> dict[str, Any]:
        """Without a Project, work shows by its open pull request."""
        epic = self.story.tickets[ticket.epic] if ticket.epic else None
        return {
            "milestone": _milestone(epic) if epic else None,
            "open_pull_requests": int(ticket.state == "doing"),
        }

    def _planned(self, ticket: told.Ticket, place: int) -> dict[str, Any]:
        sprint = ticket.sprint
        return {
            "parent": self._named(ticket.epic) if ticket.epic else None,
            "project": project_values(
                status=_STATUSES[ticket.state],
                priority=_PRIORITIES[ticket.priority - 1],
                start=_day(ticket.start),
                due=_day(ticket.due),
                iteration=(sprint.name, sprint.start.isoformat(), _SPRINT_DAYS) if sprint else None,
                estimate=ticket.estimate,
                order=place,
            ),
        }

    def _named(self, ref: str) -> tuple[str, int]:
        ticket = self.story.tickets[ref]
        return _repository(ticket.team), ticket.number

    def _labels(self, ticket: told.Ticket) -> list[str]:
        labels = [*ticket.labels, *(f"area: {one}" for one in ticket.components)]
        if self.team.epics_are_milestones:
            labels.append(f"priority: {_PRIORITIES[ticket.priority - 1].lower()}")
        return labels

    def _body(self, ticket: told.Ticket) -> str:
        if not ticket.is_worked_on or self.team.epics_are_milestones:
            return ticket.text
        box = "[x]" if ticket.state == "done" else "[ ]"
        lines = "\n".join(f"- {box} {line}" for line in self.team.definition_of_done)
        return f"{ticket.text}\n\n## Definition of Done\n\n{lines}".strip()


def _document(team: told.TeamStory) -> str:
    return "# Definition of Done\n\n" + "\n".join(f"- {line}" for line in team.definition_of_done) + "\n"


def _milestone(epic: told.Ticket) -> dict[str, Any]:
    return milestone(
        epic.number,
        epic.title,
        due_on=f"{epic.due}T12:00:00Z" if epic.due else None,
        description=epic.text,
        created_at=_moment(epic.created),
        updated_at=_moment(epic.updated),
    )


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
