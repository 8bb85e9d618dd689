"""attune token"""

import json
from typing import Any
from urllib.parse import quote

import click

from service.cli import answer_tables
from service.cli.client import client
from service.cli.console import output
from service.cli.opening import run
from service.flow.context import Context

_ROLES = click.Choice(["viewer", "po", "chief_po", "admin"])


@click.group()
def token() -> None:
    """Who may use the API: make, list and revoke access tokens."""


@token.command()
@click.argument("name")
@click.option("--role", type=_ROLES, default="viewer", show_default=True, help="What its holder may do.")
@click.option("--team", multiple=True, metavar="KEY", help="The team a po acts for; may be repeated.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON, for pipes.")
def create(name: str, role: str, team: tuple[str, ...], is_json: bool) -> None:
    """Make a token for NAME. It is shown this once and cannot be read again."""

    async def work(context: Context) -> None:
        async with client(context) as asked:
            made = await asked.post("/v1/tokens", {"name": name, "role": role, "teams": list(team)})
        click.echo(json.dumps(made) if is_json else made["token"])

    run(work)


@token.command("list")
@click.option("--json", "is_json", is_flag=True, help="Print the API's answer, for pipes.")
def list_tokens(is_json: bool) -> None:
    """The tokens in use, without the tokens themselves."""

    async def work(context: Context) -> None:
        async with client(context) as asked:
            if is_json:
                click.echo(await asked.text("/v1/tokens"))
                return
            answer: Any = await asked.get("/v1/tokens")
        output().print(answer_tables.tokens(answer["items"]) if answer["items"] else "No tokens.")

    run(work)


@token.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """End a token; ID is the one that "attune token list" shows."""

    async def work(context: Context) -> None:
        async with client(context) as asked:
            await asked.delete(f"/v1/tokens/{quote(token_id, safe='')}")
        click.echo(f"{token_id} is revoked.")

    run(work)
