"""A small product of three teams, made by hand so that every answer can be foreseen.

Online (Jira ONL), Back office (Jira BO) and Stores (GitHub acme/stores). Four dependencies cross
the teams and three of them clash; Online and Stores differ in their Definitions of Done.
"""

import shutil
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from config.product import Product, load_product
from config.product.rules import rule_names
from config.settings import Settings
from connectors.contract import Page
from connectors.item import Change, DodLine, Link, Rejected, TrackerItem
from service.app import open_context
from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work
from service.store.sources import sources

TODAY = date(2026, 3, 2)  # a Monday
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
READ = NOW - 60  # when its sources were read
ADMIN = "att_" + "the-first-admin-of-this-shop-00000000"
SECRETS = {
    "ONL_TOKEN": "onl-tracker-token-4f7a1c",
    "BO_TOKEN": "bo-tracker-token-93be20",
    "GH_TOKEN": "gh-tracker-token-c0ffee",
    "ONL_HOOK": "onl-hook-secret-77d1",
    "GH_HOOK": "gh-hook-secret-15aa",
    "CHAT": "http://127.0.0.1:9/chat-path-secret-8d",
}
HOSTILE = "<img src=x onerror=\"document.title='pwned'\"> \u202eevil\u202c zero\u200bwidth 😀 =cmd <!channel>"

TOLD = ("dependency-dropped", "dependency-date", "dependency-overdue", "priority-inversion", "dod-mismatch")
"""The rules that are on: what others find is not this shop's story."""

PRODUCT: Mapping[str, Any] = {
    "product": {
        "name": "Shop",
        "timezone": "Europe/Amsterdam",
        "chief_po": {"name": "Chief", "email": "chief@example.com"},
    },
    "teams": [
        {
            "key": "online",
            "name": "Online",
            "area": "Web shop",
            "owner": {"name": "Noor", "email": "noor@example.com"},
            "components": ["checkout"],
        },
        {"key": "backoffice", "name": "Back office", "owner": {"name": "Bas", "email": "bas@example.com"}},
        {"key": "stores", "name": "Stores", "owner": {"name": "Siem", "email": "siem@example.com"}},
    ],
    "sources": [
        {
            "key": "online-jira",
            "type": "jira",
            "url": "https://acme.example",
            "project": "ONL",
            "auth": {"email": "a@example.com", "token": "${ONL_TOKEN}"},
            "team": "online",
            "webhook_secret": "${ONL_HOOK}",
        },
        {
            "key": "back-jira",
            "type": "jira",
            "url": "https://acme.example",
            "project": "BO",
            "auth": {"token": "${BO_TOKEN}"},
            "team": "backoffice",
        },
        {
            "key": "stores-gh",
            "type": "github",
            "url": "https://api.github.com",
            "repository": "acme/stores",
            "auth": {"token": "${GH_TOKEN}"},
            "team": "stores",
            "webhook_secret": "${GH_HOOK}",
        },
    ],
    "goals": [
        {
            "key": "promo",
            "name": "Spring promotion",
            "metric": {"name": "Orders", "target": 5000, "unit": "orders/week"},
            "select": {"labels": ["promo"]},
        },
        {"key": "calm", "name": "Fewer complaints", "select": {"labels": ["calm"]}},
    ],
    "definition_of_done": [
        {"id": "review", "text": "Code reviewed"},
        {"id": "coverage", "text": "Test coverage at least 80%"},
    ],
    "rules": {name: "off" for name in rule_names() if name not in TOLD},
    "escalation": [{"when": {"severity": ["critical", "high"]}, "decider": "chief_po", "after": "2d"}],
}

_SITES = {"online-jira": "ONL", "back-jira": "BO"}


def item_id(source: str, number: int) -> str:
    return f"{source}:{number}"


def named(source: str, number: int) -> str:
    """The canonical reference of a ticket's key."""
    if project := _SITES.get(source):
        return f"jira://acme.example/{project}-{number}"
    return f"github://github.com/acme/stores#{number}"


def ticket(source: str, number: int, title: str, **values: Any) -> TrackerItem:
    """An open story that its tracker changed ``number`` hours after January began."""
    name = named(source, number)
    is_jira = source in _SITES
    key = name.rsplit("/", 1)[1] if is_jira else f"acme/stores#{number}"
    told: dict[str, Any] = {
        "native_id": str(number),
        "identity": f"{name.rsplit('/', 1)[0]}/id/{source}-{number}",
        "name": name,
        "key": key,
        "url": f"https://acme.example/browse/{key}" if is_jira else f"https://github.com/acme/{number}",
        "title": title,
        "kind": "story",
        "type": "Story",
        "state": "todo",
        "status": "To do",
        "created": datetime(2026, 1, 1, tzinfo=UTC),
        "updated": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number),
        "raw": b"{}",
    } | values
    told["start_from"] = told.get("start_from") or ("field" if told.get("start") else None)
    told["due_from"] = told.get("due_from") or ("field" if told.get("due") else None)
    return TrackerItem(**told)


def waits_for(source: str, number: int, origin: Any = "native") -> tuple[Link, ...]:
    return (Link("blocked-by", named(source, number), origin, "is blocked by"),)


def _done(*lines: str) -> tuple[DodLine, ...]:
    return tuple(DodLine(line, False) for line in lines)


ONLINE_DOD = _done("Code reviewed", "Test coverage at least 80%")
STORES_DOD = _done("Code reviewed", "Test coverage at least 60%")

ONLINE = [
    ticket("online-jira", 1, "Promotion in the web shop", kind="epic", labels=("promo",), priority=1,
           start=date(2026, 3, 9), due=date(2026, 3, 31)),
    ticket("online-jira", 2, "Voucher field at the checkout", parent=named("online-jira", 1), priority=1,
           priority_name="Highest", components=("checkout",), start=date(2026, 3, 16), due=date(2026, 3, 20),
           due_from="sprint", sprint="Sprint 6", estimate=5.0, assignee="Noor",
           links=waits_for("back-jira", 2), dod=ONLINE_DOD),
    ticket("online-jira", 3, "Button is blue", kind="bug", state="done", status="Done",
           closed_on=date(2026, 2, 1), parent=named("online-jira", 1), dod=ONLINE_DOD),
    ticket("online-jira", 4, "Zoeken vergeet ÉÉN filter 100%_zeker", priority=3, labels=("search", "a\"b")),
    ticket("online-jira", 5, HOSTILE, priority=2, labels=("<b>label</b>",), due=date(2026, 4, 1)),
    ticket("online-jira", 6, "An idea nobody wants", state="dropped", status="Won't do",
           closed_on=date(2026, 2, 2)),
    *(ticket("online-jira", 10 + n, f"Small thing {n}", state="doing", status="In progress", priority=4,
             due=date(2026, 5, 1)) for n in range(5)),
]  # fmt: skip
BACKOFFICE = [
    ticket("back-jira", 1, "Vouchers in the ledger", kind="epic", priority=3, labels=("promo",)),
    ticket("back-jira", 2, "Issue vouchers", parent=named("back-jira", 1), priority=4, state="doing",
           status="In behandeling", start=date(2026, 3, 2), due=date(2026, 3, 25)),
    ticket("back-jira", 3, "Prices per shop", priority=2, due=date(2026, 2, 20)),
    ticket("back-jira", 4, "Old interface", state="dropped", status="Vervallen",
           closed_on=date(2026, 2, 10)),
    *(ticket("back-jira", 10 + n, f"Month end {n}", priority=None if n % 2 else 5) for n in range(4)),
]  # fmt: skip
STORES = [
    ticket("stores-gh", 1, "Promotion in the shops", kind="epic", type="Epic", labels=("promo",), priority=2),
    ticket("stores-gh", 2, "Shelf labels", parent=named("stores-gh", 1), priority=2,
           start=date(2026, 3, 10), due=date(2026, 3, 20), links=waits_for("back-jira", 3, "text"),
           dod=STORES_DOD),
    ticket("stores-gh", 3, "Scan vouchers", parent=named("stores-gh", 1), priority=3,
           links=waits_for("back-jira", 4, "remote"), dod=STORES_DOD),
    ticket("stores-gh", 4, "Receipts", priority=5, labels=("calm",), links=waits_for("stores-gh", 2)),
]  # fmt: skip
ITEMS = {"online-jira": ONLINE, "back-jira": BACKOFFICE, "stores-gh": STORES}

VOUCHER_FIELD, ISSUE_VOUCHERS = "online-jira:2", "back-jira:2"


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


def product(folder: Path, **changes: Any) -> Product:
    file = folder / "product.yaml"
    file.write_bytes(orjson.dumps({**PRODUCT, **changes}))  # JSON is YAML
    return load_product(file, SECRETS)


def settings(folder: Path, **more: Any) -> Settings:
    told = {
        "admin_token": ADMIN,
        "secret_key": "the key of the vault",
        "allow_private_webhooks": "127.0.0.0/8",
    }
    return Settings(database_url=f"sqlite:///{folder}/attune.db", **{**told, **more})


async def store(
    context: Context,
    source: str,
    items: Iterable[TrackerItem],
    rejected: Sequence[Rejected] = (),
    changes: Sequence[Change] = (),
) -> None:
    """As if these were read; nothing is judged yet."""
    page = Page(
        list(items), {}, rejected, changes=changes, unmapped={"priority": ["P-High"]} if rejected else {}
    )
    async with unit_of_work(context) as work:
        await ingest(work, context.options_of(source), [page], READ)


async def fill(context: Context) -> None:
    """Read everything and judge it."""
    async with context.database.write() as connection:
        await sources.ensure(connection, list(ITEMS))
    for source, items in ITEMS.items():
        rejected = [Rejected("ONL-99", "its title is missing")] if source == "online-jira" else []
        await store(context, source, items, rejected)
        async with context.database.write() as connection:
            await sources.change(
                connection,
                source,
                state="ok",
                complete=True,
                last_delta=READ,
                last_full_scan=READ,
                watermark=READ,
                requests=7,
            )
    await analyse(context)


async def update(context: Context, source: str, number: int, **values: Any) -> None:
    """Change one ticket in its tracker, read it again and judge."""
    [before] = [one for one in ITEMS[source] if one.native_id == str(number)]
    later = {"updated": datetime(2026, 3, 2, 8, 30, tzinfo=UTC), **values}
    await store(context, source, [replace(before, **later)])
    await analyse(context)


@asynccontextmanager
async def opened(folder: Path, *, clock: Clock | None = None, **more: Any) -> AsyncIterator[Context]:
    """The shop over the database in this folder; ``more``: ``open_access``, changed parts of the product."""
    open_access = more.pop("open_access", False)
    async with open_context(
        settings(folder), product(folder, **more), open_access=open_access, clock=clock or Clock()
    ) as context:
        yield context


async def build(folder: Path) -> None:
    async with opened(folder) as context:
        await fill(context)


def copy(template: Path, folder: Path) -> Path:
    """A filled database of one's own."""
    for file in template.glob("attune.db*"):
        shutil.copy(file, folder / file.name)
    return folder
