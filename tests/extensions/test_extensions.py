"""What CONTRIBUTING says of adding a connector, a rule and a format, proved with a package that does."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import httpx
import pytest

from config.extensions import (
    CONNECTORS,
    FORMATS,
    RULES,
    BrokenExtensionError,
    ExtensionPoint,
    extensions,
)
from config.product import ProductErrors, kinds, load_product
from tests.support.receiver import receiving

HOUSE = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).with_name("package") / "attune_pigeons"
ENTRY_POINTS = """\
    [attune.connectors]
    pigeon-post = attune_pigeons.pigeon_post
    [attune.rules]
    two-letters = attune_pigeons.two_letters
    [attune.formats]
    note = attune_pigeons.note
"""
PRODUCT = """\
    product: {name: Loft}
    teams: [{key: online, name: Online}, {key: stores, name: Stores}]
    sources:
      - {key: near, type: pigeon-post, letter: first, team: online}
      - {key: far, type: pigeon-post, letter: second, team: stores}
    rules:
      two-letters: {urgent: yes}
    escalation:
      - {when: {kind: [two-letters]}, decider: online, after: 2d}
    notify:
      - {key: loft, format: note, url: HOOK, events: ["conflict.*"], kinds: [two-letters]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "product.yaml").write_text(dedent(PRODUCT).replace("HOOK", "https://loft.example/hook"))
    return tmp_path


def install(folder: Path, entry_points: str, name: str = "attune-pigeons") -> None:
    """As an installer would leave it: the package, and beside it what it offers."""
    shutil.copytree(PACKAGE, folder / "site" / PACKAGE.name, dirs_exist_ok=True)
    told = folder / "site" / f"{name.replace('-', '_')}-1.2.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (told / "entry_points.txt").write_text(dedent(entry_points))


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(folder / "site"), str(HOUSE))),
        "ATTUNE_PRODUCT_FILE": str(folder / "product.yaml"),
        "ATTUNE_DATABASE_URL": f"sqlite:///{folder}/attune.db",
        "COLUMNS": "400",
        **more,
    }


def attune(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "service.cli", *words]
    return subprocess.run(
        command, env=environment(folder), cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_check_lists_what_comes_from_another_package(folder: Path) -> None:
    install(folder, ENTRY_POINTS)
    checked = attune(folder, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert [line.split(" ", 1)[1] for line in checked.stdout.splitlines()[1:]] == [
        "connector pigeon-post, from attune-pigeons 1.2",
        "rule two-letters, from attune-pigeons 1.2",
        "format note, from attune-pigeons 1.2",
    ]


def test_without_the_package_the_product_file_says_what_is_missing(folder: Path) -> None:
    with pytest.raises(ProductErrors) as wrong:
        load_product(folder / "product.yaml", {})
    told = [(error.field, error.message) for error in wrong.value.errors]
    assert told == [
        ("sources[0].type", '"pigeon-post" is not known; expected github or jira'),
        ("sources[1].type", '"pigeon-post" is not known; expected github or jira'),
        ("rules.two-letters", told[2][1]),
        ("escalation[0].when.kind[0]", told[3][1]),
        ("notify[0].format", '"note" is no format; expected standard'),
        ("notify[0].kinds[0]", told[5][1]),
    ]


class Broken(NamedTuple):
    point: ExtensionPoint
    name: str
    module: str
    why: str


BROKEN = (
    Broken(RULES, "lost", "lost", "ModuleNotFoundError: No module named 'attune_pigeons.lost'"),
    Broken(RULES, "note", "note", "it has no RULE, no Settings, no WORDS, no find"),
    Broken(RULES, "dependency-date", "two_letters", "attune itself has one of that name"),
    Broken(RULES, "Two Letters", "two_letters", "its name is not small letters and hyphens"),
    Broken(FORMATS, "standard", "note", "attune itself has one of that name"),
    Broken(FORMATS, "letters", "two_letters", "it has no CONTENT_TYPE, no render"),
    Broken(CONNECTORS, "jira", "pigeon_post", "attune itself has one of that name"),
    Broken(CONNECTORS, "crow-post", "pigeon_post", 'its Options must have type: Literal["crow-post"]'),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.why)
def test_what_cannot_be_used_is_an_error_that_names_package_and_entry_point(
    folder: Path, monkeypatch: pytest.MonkeyPatch, broken: Broken
) -> None:
    module = f"attune_pigeons.{broken.module}"
    install(folder, f"[{broken.point.group}]\n{broken.name} = {module}")
    monkeypatch.syspath_prepend(folder / "site")
    monkeypatch.setattr(kinds, "extensions", extensions.__wrapped__)
    with pytest.raises(BrokenExtensionError) as error:
        all_there_is(broken.point)
    offer = f"the {broken.point.kind} {broken.name} of the package attune-pigeons cannot be used"
    place = f"(entry point {broken.name} = {module} in {broken.point.group})"
    assert str(error.value) == f"{offer} {place}: {broken.why}"


def all_there_is(point: ExtensionPoint) -> None:
    """Looked for again: what was found before is remembered."""
    extensions.__wrapped__(point)
    if point is CONNECTORS:
        kinds.connector_kinds.__wrapped__()


def test_a_file_of_attunes_own_that_lacks_a_part_is_an_error_and_one_without_any_is_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "loft"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "seed.py").write_text("GRAIN = 1")
    monkeypatch.syspath_prepend(tmp_path)
    point = replace(FORMATS, room="loft")
    assert extensions.__wrapped__(point) == {}
    (room / "half.py").write_text("CONTENT_TYPE = 'text/plain'")
    with pytest.raises(BrokenExtensionError, match=r"loft\.half is no format: it has no render"):
        extensions.__wrapped__(point)


def test_two_packages_cannot_offer_the_same_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(folder, ENTRY_POINTS)
    install(folder, "[attune.formats]\nnote = attune_pigeons.note", "attune-more-pigeons")
    monkeypatch.syspath_prepend(folder / "site")
    with pytest.raises(BrokenExtensionError, match="attune-more-pigeons has one of that name"):
        extensions.__wrapped__(FORMATS)


def test_a_command_says_so_in_one_line(folder: Path) -> None:
    install(folder, "[attune.formats]\nstandard = attune_pigeons.note")
    checked = attune(folder, "check")
    assert checked.returncode == 1
    assert checked.stderr.startswith(
        "attune: the format standard of the package attune-pigeons cannot be used"
    )
    assert checked.stderr.count("\n") == 1


async def test_a_letter_becomes_a_conflict_and_a_conflict_a_note(folder: Path) -> None:
    install(folder, ENTRY_POINTS)
    async with receiving() as receiver:
        file = folder / "product.yaml"
        file.write_text(file.read_text().replace("https://loft.example/hook", receiver.url))
        async with served(folder) as api:
            note, *_ = await receiver.wait_for(1, 60)
            [conflict] = (await api.get("/v1/conflicts?kind=two-letters")).json()["items"]
            rules = {rule["key"]: rule for rule in (await api.get("/v1/rules")).json()["items"]}
            described = (await api.get("/openapi.json")).json()
            hook = await api.post("/v1/inbound/pigeon-post/near", headers={"x-ring": "blue"}, content=b"1")
            forged = await api.post("/v1/inbound/pigeon-post/near", headers={"x-ring": "red"}, content=b"2")
    assert (conflict["kind"], conflict["severity"]) == ("two-letters", "high")
    assert conflict["title"] == "LOFT-second (Stores) waits for the letter LOFT-first (Online)."
    assert conflict["decider"]["role"] == "online"
    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    assert note.body.decode() == f"conflict.opened: {conflict['title']}"
    assert rules["two-letters"]["title"] == "A letter waits for a letter of another team."
    assert rules["two-letters"]["settings"] == {"urgent": "yes"}
    inbound = described["paths"]["/v1/inbound/pigeon-post/{source}"]["post"]
    assert inbound["operationId"] == "receivePigeonPost"
    assert (hook.status_code, forged.status_code) == (202, 401)


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
    return port


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    port, token = free_port(), "att_" + "t" * 40
    with running(folder, port, token):
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            async with asyncio.timeout(60):
                while not await is_up(client):  # noqa: ASYNC110 - another process has no event
                    await asyncio.sleep(0.1)
            yield client


async def is_up(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def running(folder: Path, port: int, token: str) -> Iterator[None]:
    told = environment(
        folder,
        ATTUNE_PORT=str(port),
        ATTUNE_ADMIN_TOKEN=token,
        ATTUNE_ALLOW_PRIVATE_WEBHOOKS="127.0.0.0/8",
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve"], env=told, cwd=folder, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
