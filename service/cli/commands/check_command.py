"""attune check"""

from collections.abc import Iterator, Sequence

import click
from rich.markup import escape

from config.check import SourceCheck, check_online
from config.extensions import Extension, from_other_packages
from config.product import Product, product_remarks
from config.settings import Settings
from service.cli import loop
from service.cli.console import output
from service.cli.failure import Failed
from service.cli.opening import load, load_settings
from service.cli.stored import StoredFigures, read_stored
from service.flow.unconfigured import UnconfiguredReferences


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
    if failed := loop.run(_check(settings, product, online)):
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


async def _check(settings: Settings, product: Product, online: bool) -> Sequence[str]:
    """The keys of the sources that cannot be read; none where nobody asked to try."""
    stored = await read_stored(settings.database_url, product)
    for line in _outsiders(stored.unconfigured if stored else ()):
        output().print(line)
    return await _online(product, stored) if online else ()


async def _online(product: Product, stored: StoredFigures | None) -> Sequence[str]:
    failed = []
    async for source in check_online(product):
        output().print(_told(source))
        if source.error is None:
            output().print(f"    {_staleness(source.source, stored)}")
        else:
            failed.append(source.source)
    return failed


def _told(check: SourceCheck) -> str:
    if check.capabilities is None:
        return f"[red]✗[/] {check.source}: {escape(str(check.error))}"
    seen = check.capabilities
    lines = [f"[green]✓[/] {check.source}: {escape(seen.site)} as {escape(seen.account)}"]
    lines += [f"    {name}: {escape(field)}" for name, field in seen.fields.items()]
    lines += [f"    [yellow]not seen[/]: {escape(one)}" for one in seen.missing]
    lines += [f"    {escape(one)}" for one in seen.notes]
    return "\n".join(lines)


def _staleness(source: str, stored: StoredFigures | None) -> str:
    if stored is None or source not in stored.stale_items:
        return "stale items: unknown until attune sync has read it"
    return f"stale items (open, and nobody has touched them for 180 days): {stored.stale_items[source]}"


def _outsiders(projects: Sequence[UnconfiguredReferences]) -> Iterator[str]:
    """What open items wait for and no source reads, with the line to add to the product file."""
    for project in projects:
        place = escape(f"{project.project} on {project.site}" if project.site else project.project)
        keys = escape(", ".join(project.items))
        yield (
            f"    [yellow]not read[/]: {place}, named {project.references} times, by {keys}; "
            "to read it, add to sources:"
        )
        yield f"      {escape(project.suggestion)}"
