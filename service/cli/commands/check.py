"""attune check"""

from collections.abc import Sequence

import click
from rich.markup import escape

from config.check import SourceCheck, check_online
from config.extensions import Extension, from_other_packages
from config.product import Product, product_remarks
from service.cli import loop
from service.cli.console import output
from service.cli.errors import Failed
from service.cli.opening import load, load_settings


@click.command()
@click.option("--online", is_flag=True, help="Also try every credential, project and field at the trackers.")
def check(online: bool) -> None:
    """Check the product file: every mistake at once, with its line."""
    settings = load_settings()
    product = load(settings)
    output().print(_summary(str(settings.product_file), product))
    for extension in from_other_packages():
        output().print(_added(extension))
    for remark in product_remarks(settings.product_file):
        output().print(f"    [yellow]note[/]: {escape(remark)}")
    if online and (failed := loop.run(_online(product))):
        raise Failed(f"{len(failed)} of {len(product.sources)} sources cannot be read: {', '.join(failed)}")


def _summary(file: str, product: Product) -> str:
    off = [name for name, told in product.rules.items() if told == "off"]
    return (
        f"[green]✓[/] {escape(file)}: {len(product.teams)} teams, {len(product.sources)} sources, "
        f"{len(product.goals)} goals" + (f"; rules off: {', '.join(off)}" if off else "")
    )


def _added(extension: Extension) -> str:
    offered_by = escape(f"{extension.package} {extension.version or ''}".strip())
    return f"[green]✓[/] {extension.kind} {escape(extension.name)}, from {offered_by}"


async def _online(product: Product) -> Sequence[str]:
    """The keys of the sources that cannot be read."""
    failed = []
    async for found in check_online(product):
        output().print(_told(found))
        if found.error is not None:
            failed.append(found.source)
    return failed


def _told(found: SourceCheck) -> str:
    if found.capabilities is None:
        return f"[red]✗[/] {found.source}: {escape(str(found.error))}"
    seen = found.capabilities
    lines = [f"[green]✓[/] {found.source}: {escape(seen.site)} as {escape(seen.account)}"]
    lines += [f"    {name}: {escape(field)}" for name, field in seen.fields.items()]
    lines += [f"    [yellow]not seen[/]: {escape(one)}" for one in seen.missing]
    lines += [f"    {escape(one)}" for one in seen.notes]
    return "\n".join(lines)
