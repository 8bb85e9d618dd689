"""What a person should know of a source, in sentences. Pure."""

from connectors.github.discovery.repositories import Discovery
from connectors.github.graphql.schema import Host
from connectors.github.options import Options
from connectors.github.page_size import LARGEST


def notes_of(
    options: Options, host: Host, known: Discovery, enterprise_version: str | None
) -> tuple[str, ...]:
    found = [f"{one.name}: epics by {one.epics}" for one in known.repositories.values()]
    found += [
        f"{repository} is now called {one.name}: both names mean it for as long as no other repository takes "
        "the old one; better write the new one in the product file"
        for repository, one in known.repositories.items()
        if repository.lower() != one.name.lower()
    ]
    if enterprise_version:
        found.append(f"GitHub Enterprise Server {enterprise_version.rpartition('@')[2]}")
    if not host.graphql:
        found.append("this host has no GraphQL, so it is read over REST")
    if not options.webhook_secret:
        found.append(
            "without webhooks (webhook_secret) blockers and sub-issues that were added or removed "
            "are found by the daily full scan only: they move no issue's update time"
        )
    return (*found, *_about_project(options, known))


def _about_project(options: Options, known: Discovery) -> list[str]:
    count = known.project_items
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
