"""What a person should know of a source, in sentences. Pure."""

from connectors.github.discovery.repositories import Discovery
from connectors.github.graphql.schema import Host
from connectors.github.options import Options
from connectors.github.page_size import LARGEST


def notes_of(
    options: Options, host: Host, discovery: Discovery, enterprise_version: str | None
) -> tuple[str, ...]:
    notes = [f"{one.name}: epics by {one.epics}" for one in discovery.repositories.values()]
    notes += [
        f"{name} is now called {repository.name}: both names mean it for as long as no other repository "
        "takes the old one; better write the new one in the product file"
        for name, repository in discovery.repositories.items()
        if name.lower() != repository.name.lower()
    ]
    if enterprise_version:
        notes.append(f"GitHub Enterprise Server {enterprise_version.rpartition('@')[2]}")
    if not host.graphql:
        notes.append("this host has no GraphQL, so it is read over REST")
    if not options.webhook_secret:
        notes.append(
            "without webhooks (webhook_secret) blockers and sub-issues that were added or removed "
            "are found by the daily full scan only: they move no issue's update time"
        )
    return (*notes, *_about_project(options, discovery))


def _about_project(options: Options, discovery: Discovery) -> list[str]:
    count = discovery.project_items
    if count is None:
        return []
    if not options.repository_names:
        requests = -(-count // LARGEST) or 1
        return [f"every poll reads the Project's {count} rows ({requests} requests)"]
    if count > LARGEST:
        return [
            f"the Project has {count} rows: changes of its fields and order are found by webhooks "
            "(projects_v2_item) and the daily full scan, not by polling"
        ]
    return []
