"""Where the trackers answer, and how one points to a ticket of another."""

from dataclasses import dataclass

from service.demo.story import Ticket

ORGANISATION = "veldhuis"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Base URLs without a trailing slash."""

    online: str
    backoffice: str
    github: str

    def tracker(self, team: str) -> str:
        """Teams with the same address can link natively."""
        return {"online": self.online, "backoffice": self.backoffice}.get(team, self.github)

    def page(self, ticket: Ticket) -> str:
        """The ticket's address in a browser."""
        base = self.tracker(ticket.team)
        if base == self.github:
            return f"{base}/{ORGANISATION}/{ticket.team}/issues/{ticket.number}"
        return f"{base}/browse/{ticket.key}"
