"""attune openapi"""

import json
from pathlib import Path

import click

from config.product import load_product
from config.settings import Settings
from service.app import create_app
from service.delivery.vault import Vault
from service.demo.environment import PRODUCT_FILE, no_environment
from service.flow.context import Context
from service.store.database.engine import Database


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
def openapi(output: Path | None) -> None:
    """The API's description (OpenAPI 3.1), exactly as it is served at /openapi.json."""
    text = json.dumps(describe(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")


def describe() -> dict[str, object]:
    """The same for every product, so any will do; neither its trackers nor a database are opened."""
    product = load_product(PRODUCT_FILE, no_environment())
    context = Context(product, Settings(), Database("sqlite:///:memory:"), Vault("description"))
    description: dict[str, object] = create_app(context).openapi()
    return description
