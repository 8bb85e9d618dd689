"""attune serve"""

import logging

import click

from service.app import Role, open_context
from service.app import serve as run_service
from service.cli import loop
from service.cli.opening import demand_free_port, load, load_settings


@click.command()
@click.option(
    "--role",
    type=click.Choice(["all", "api", "worker"]),
    default="all",
    show_default=True,
    help="What this process does: answer requests (api), read trackers and send webhooks (worker), or both.",
)
def serve(role: Role) -> None:
    """Keep the backlog up to date and answer on the configured address, until stopped."""
    settings = load_settings(logging.INFO)
    product = load(settings)
    if role != "worker":
        demand_free_port(settings.host, settings.port)

    async def until_stopped() -> None:
        async with open_context(settings, product) as context:
            await run_service(context, role)

    loop.run(until_stopped())
