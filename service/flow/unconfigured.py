"""What the product waits for and does not read: which line of the product file would change that."""

from typing import NamedTuple

from config.product import connector_kinds
from service.store.database.engine import Connection
from service.store.naming.unconfigured import UnconfiguredProject, unconfigured_projects


class UnconfiguredReferences(NamedTuple):
    """``suggestion`` is a line for ``sources`` in the product file, but for the team and the secret.

    ``site`` is None where nothing says on which the project lives. ``items`` are keys of some that wait.
    """

    site: str | None
    project: str
    references: int
    items: tuple[str, ...]
    suggestion: str


async def unconfigured_references(connection: Connection) -> list[UnconfiguredReferences]:
    """Projects and repositories that open items' dependencies name and no source holds, most named first."""
    return [
        UnconfiguredReferences(one.site, one.project, one.references, one.items, suggest_source(one))
        for one in await unconfigured_projects(connection)
    ]


def suggest_source(found: UnconfiguredProject) -> str:
    """``- {key: ops, type: jira, url: "https://acme.atlassian.net", project: OPS, team: …, auth: …}``"""
    fields = connector_kinds()[found.tracker].Options.model_fields
    key = "".join(sign if sign.isalnum() else "-" for sign in found.project.rpartition("/")[2].lower())
    holder = "repository" if "repository" in fields else "project"
    url = f'url: "https://{found.site or "…"}", ' if fields["url"].is_required() or found.site else ""
    token = f"{key.upper().replace('-', '_')}_TOKEN"
    return (
        f"- {{key: {key}, type: {found.tracker}, {url}{holder}: {found.project}, "
        f'team: …, auth: {{token: "${{{token}}}"}}}}'
    )
