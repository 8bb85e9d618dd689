"""A connector: a tracker of which every source holds one letter, and its second waits for its first."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from connectors.contract import (
    Capabilities,
    Checkpoint,
    Connector,
    ForgedHook,
    Hook,
    Lookup,
    Page,
    Quota,
    Setting,
)
from connectors.item import Link, TrackerItem, kept
from connectors.options import SourceOptions

WRITTEN = datetime(2026, 3, 1, tzinfo=UTC)


class Options(SourceOptions):
    type: Literal["pigeon-post"]
    letter: Literal["first", "second"]


def connect(options: Options, setting: Setting) -> Connector:
    return PigeonPost(options)


def receive(options: Options, headers: Mapping[str, str], body: bytes, aliases: Mapping[str, str]) -> Hook:
    if headers.get("x-ring") != "blue":
        raise ForgedHook
    return Hook(delivery=body.decode(), event="landed", rescan=True)


class PigeonPost:
    requests = 0
    quota: Quota | None = None

    def __init__(self, options: Options) -> None:
        self.letter = options.letter

    async def probe(self) -> Capabilities:
        return Capabilities(account="the loft", site="loft.example")

    async def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        yield Page(items=[letter(self.letter)], checkpoint={"read": True})

    async def read(self, native_ids: Sequence[str]) -> Page:
        return Page(items=[letter(one) for one in native_ids], checkpoint={})

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        return Page(items=[letter(one) for one in answers], checkpoint={})

    async def identities(self) -> AsyncIterator[Sequence[str]]:
        yield [identity(self.letter)]

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        return {}

    async def close(self) -> None:
        """Nothing is held open."""


def identity(name: str) -> str:
    return f"pigeon-post://loft.example/id/{name}"


def letter(name: str) -> TrackerItem:
    waits = (Link("blocked-by", identity("first"), "native", "waits for"),) if name == "second" else ()
    return TrackerItem(
        native_id=name,
        identity=identity(name),
        name=f"pigeon-post://loft.example/{name}",
        key=f"LOFT-{name}",
        url=f"https://loft.example/{name}",
        title=f"The {name} letter",
        kind="story",
        type="Letter",
        state="todo",
        status="In the loft",
        created=WRITTEN,
        updated=WRITTEN,
        links=waits,
        raw=kept({"letter": name}),
    )
