"""The story's tickets as Jira issues: Online's on Cloud in English, Back office's on Data Center in Dutch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.jira.simulator import Flavour, JiraSite, Link, Sprint, issue, link, remote_link, version
from service.demo import story as told
from service.demo.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Words:
    """A site's own vocabulary; priorities from 1 to 5."""

    priorities: tuple[str, str, str, str, str]
    statuses: Mapping[str, tuple[str, str]]  # state → (status, category)
    dropped: str  # the resolution


_ENGLISH = Words(
    priorities=("Highest", "High", "Medium", "Low", "Lowest"),
    statuses={
        "todo": ("To Do", "new"),
        "doing": ("In Progress", "indeterminate"),
        "done": ("Done", "done"),
        "dropped": ("Closed", "done"),
    },
    dropped="Won't Do",
)
_DUTCH = Words(
    priorities=("Hoogste", "Hoog", "Gemiddeld", "Laag", "Laagste"),
    statuses={
        "todo": ("Te doen", "new"),
        "doing": ("In behandeling", "indeterminate"),
        "done": ("Gereed", "done"),
        "dropped": ("Gesloten", "done"),
    },
    dropped="Wordt niet gedaan",
)


def cloud_site(story: told.Story, addresses: Addresses, email: str, token: str) -> JiraSite:
    """Online's."""
    site = _Site(story, addresses, story.teams["online"], "cloud", _ENGLISH)
    return site.build({"ONL": "Online"}, email=email, token=token)


def datacenter_site(story: told.Story, addresses: Addresses, token: str) -> JiraSite:
    """Back office's."""
    site = _Site(story, addresses, story.teams["backoffice"], "datacenter", _DUTCH)
    return site.build({"BO": "Back office"}, token=token)


@dataclass(frozen=True, slots=True)
class _Site:
    story: told.Story
    addresses: Addresses
    team: told.TeamStory
    flavour: Flavour
    words: Words

    def build(self, projects: Mapping[str, str], token: str, email: str | None = None) -> JiraSite:
        places = {ticket.ref: place for place, ticket in enumerate(self.team.in_order)}
        return JiraSite(
            flavour=self.flavour,
            projects=projects,
            issues=[self._issue(ticket, places[ticket.ref]) for ticket in self.team.tickets],
            remote_links={
                ticket.key: links for ticket in self.team.tickets if (links := self._remote(ticket))
            },
            account_timezone="Europe/Amsterdam",
            url=self.addresses.tracker(self.team.key),
            token=token,
            email=email,
        )

    def _issue(self, ticket: told.Ticket, place: int) -> dict[str, Any]:
        status, category = self.words.statuses[ticket.state]
        return issue(
            ticket.key,
            ticket.title,
            self.flavour,
            type=ticket.kind.capitalize(),
            status=status,
            category=category,
            resolution=self.words.dropped if ticket.state == "dropped" else None,
            resolved=ticket.closed,
            priority=self.words.priorities[ticket.priority - 1],
            parent=self.story.tickets[ticket.epic].key if ticket.epic else None,
            points=ticket.estimate,
            rank=f"0|i{place:05}:",
            labels=ticket.labels,
            components=ticket.components,
            assignee=ticket.assignee,
            description=ticket.text or None,
            dod=_checklist(self.team, ticket),
            links=list(self._links(ticket)),
            created=ticket.created,
            updated=ticket.updated,
            **self._dates(ticket),
        )

    def _dates(self, ticket: told.Ticket) -> dict[str, Any]:
        release = ticket.release
        return {
            "target_start": ticket.start,
            "target_end": ticket.due if ticket.kind == "epic" else None,
            "due": None if ticket.kind == "epic" else ticket.due,
            "sprint": _sprint(ticket.sprint) if ticket.sprint else (),
            "versions": [version(release, self.team.releases[release].isoformat())] if release else (),
        }

    def _links(self, ticket: told.Ticket) -> Iterator[Link]:
        for blocker in self._blockers(ticket, within=True):
            yield link("Blocks", inward=blocker.key)

    def _remote(self, ticket: told.Ticket) -> list[dict[str, Any]]:
        return [
            remote_link(self.addresses.page(blocker), "is blocked by", f"{blocker.key} {blocker.title}")
            for blocker in self._blockers(ticket, within=False)
        ]

    def _blockers(self, ticket: told.Ticket, within: bool) -> Iterator[told.Ticket]:
        """Those on this site, or those elsewhere."""
        for ref in ticket.blocked_by:
            blocker = self.story.tickets[ref]
            if (blocker.team == self.team.key) is within:
                yield blocker


def _checklist(team: told.TeamStory, ticket: told.Ticket) -> str | None:
    if not ticket.is_worked_on:
        return None
    box = "[x]" if ticket.state == "done" else "[ ]"
    return "\n".join(f"- {box} {line}" for line in team.definition_of_done)


def _sprint(sprint: told.Sprint) -> Sprint:
    first, last = f"{sprint.start}T07:00:00.000Z", f"{sprint.end}T16:00:00.000Z"
    return Sprint(1000 + sprint.number, sprint.name, sprint.state, first, last)
