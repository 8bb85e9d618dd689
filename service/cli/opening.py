"""From settings and product file to a running context, with clear words when either is wrong."""

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import click
from pydantic import ValidationError

from config.product import Product, ProductErrors, load_product
from config.settings import Settings
from service.app import open_context
from service.cli import loop
from service.cli.failure import Failed
from service.flow.context import Context
from service.logs import configure_logging


def load_settings(level: int = logging.WARNING) -> Settings:
    """Also starts logging: commands for people are quiet, ``attune serve`` is not."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise Failed("\n".join(_setting(one) for one in error.errors())) from None
    configure_logging(settings.log_format, level)
    return settings


def _setting(error: Any) -> str:
    """Never with the value: it may be a secret."""
    name = "_".join(str(part) for part in error["loc"]) or "settings"
    return f"ATTUNE_{name.upper()}: {error['msg'].removeprefix('Value error, ')}"


def load(settings: Settings) -> Product:
    try:
        return load_product(settings.product_file)
    except ProductErrors as problem:
        raise Failed("\n".join(str(error) for error in problem.errors)) from None


def demand_free_port(host: str, port: int) -> None:
    """Said before anything else is done, since nothing could be shown in the end."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failed(f"cannot serve at {host}:{port}: {reason}. ATTUNE_PORT sets another port.") from None


@asynccontextmanager
async def opened() -> AsyncIterator[Context]:
    """For a person at this machine, who can read the database anyway: open access."""
    settings = load_settings()
    async with open_context(settings, load(settings), open_access=True) as context:
        yield context


def run(work: Callable[[Context], Awaitable[None]]) -> None:
    """``work`` over the configured product; ends the command when it is done."""

    async def over() -> None:
        async with opened() as context:
            await work(context)

    loop.run(over())


def known_sources(context: Context, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those named, or all; raises wrong use for one that is not in the product file."""
    source_keys = tuple(source.key for source in context.product.sources)
    if unknown := [name for name in names if name not in source_keys]:
        raise click.UsageError(
            f"no source {', '.join(unknown)}; the product file has {', '.join(source_keys)}"
        )
    return names or source_keys
