"""attune what-if"""

import json
from typing import Any

import click
from rich.console import RenderableType

from service.cli import answer_tables
from service.cli.client import Client, client
from service.cli.commands.show_command import as_json
from service.cli.console import output
from service.cli.failure import Failed
from service.cli.opening import run
from service.flow.context import Context

_FIELDS = ("due", "start", "priority", "state")
_CLEARED = ("", "none")

Pairs = tuple[tuple[str, str], ...]


@click.command("what-if")
@click.option(
    "--set",
    "settings",
    nargs=2,
    multiple=True,
    metavar="ITEM FIELD=VALUE",
    help="due, start, priority (1 to 5) or state, several with commas; none clears a date or a priority.",
)
@click.option("--add", nargs=2, multiple=True, metavar="BLOCKER DEPENDENT", help="A dependency more.")
@click.option("--remove", nargs=2, multiple=True, metavar="BLOCKER DEPENDENT", help="A dependency less.")
@as_json
def what_if(settings: Pairs, add: Pairs, remove: Pairs, is_json: bool) -> None:
    """What changes would open, resolve and move, before anybody makes them. Nothing is stored.

    Items are named by key (ONL-12, acme/stores#12) or id; every option may be repeated, and all of
    them count together.
    """
    if not (settings or add or remove):
        raise click.UsageError("Say what would change: --set, --add or --remove.")
    wanted = [(name, _values(told)) for name, told in settings]

    async def work(context: Context) -> None:
        async with client(context) as asked:
            names = [name for name, _ in wanted] + [name for pair in (*add, *remove) for name in pair]
            ids = {name: await _id(asked, name) for name in dict.fromkeys(names)}
            changes: list[dict[str, Any]] = [{"item": ids[name], "set": values} for name, values in wanted]
            changes += [{"add_dependency": _ends(ids, pair)} for pair in add]
            changes += [{"remove_dependency": _ends(ids, pair)} for pair in remove]
            answer = await asked.post("/v1/what-if", {"changes": changes})
        if is_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
            return
        for part in shown(answer):
            output().print(part)

    run(work)


def _values(text: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for assignment in text.split(","):
        name, separator, value = assignment.partition("=")
        if not separator or name.strip() not in _FIELDS:
            raise click.UsageError(
                f"{assignment!r} is not FIELD=VALUE with FIELD one of {', '.join(_FIELDS)}."
            )
        values[name.strip()] = _value(name.strip(), value.strip())
    return values


def _value(name: str, text: str) -> Any:
    if text.lower() in _CLEARED and name != "state":
        return None
    return int(text) if name == "priority" and text.isdecimal() else text


def _ends(ids: dict[str, str], pair: tuple[str, str]) -> dict[str, str]:
    return {"blocker": ids[pair[0]], "dependent": ids[pair[1]]}


async def _id(asked: Client, name: str) -> str:
    candidates = (await asked.get("/v1/backlog", {"q": name, "state": "any", "limit": 500}))["items"]
    ids = [item["id"] for item in candidates if name.casefold() == item["key"].casefold()]
    if len(ids) > 1:
        raise Failed(f"{name} is the key of several items: name it by id, one of {', '.join(ids)}")
    return ids[0] if ids else name


def shown(answer: Any) -> list[RenderableType]:
    parts: list[RenderableType] = [
        answer_tables.conflicts(answer[name], title)
        for name, title in (("opened", "Opens"), ("resolved", "Resolves"), ("changed", "Changes"))
        if answer[name]
    ]
    if answer["moved"]:
        parts.append(answer_tables.moves(answer["moved"]))
    if answer["forecast"]:
        parts.append(answer_tables.forecast(answer["forecast"]))
    return parts or ["Nothing would change: no conflict, no place in the order, no epic's forecast."]
