"""House rules that import-linter cannot hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.product import connector_kinds

HOUSE = Path(__file__).resolve().parents[1]
ROOMS = ("service", "connectors", "config")
LONGEST_FILE = 320  # lines; tables and words are data
DATA = {
    "service/store/tables.py",
    "service/store/migrations/versions/0001_the_first_tables.py",
}


def python_files() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((HOUSE / room).rglob("*.py"))


RULE_FILES = sorted((HOUSE / "service/rules").glob("[a-z]*.py"))
LENT_TO_RULES = {"service.rules.book.declaration", "service.rules.shapes", "service.rules.support"}


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_rules_do_not_know_each_other(path: Path) -> None:
    imported = [
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service.rules")
    ]
    assert [name for name in imported if not str(name).startswith(tuple(LENT_TO_RULES))] == []


CONNECTORS = sorted(path.parent.name for path in (HOUSE / "connectors").glob("*/webhook.py"))


@pytest.mark.parametrize("path", sorted((HOUSE / "connectors").rglob("*.py")), ids=str)
def test_connectors_do_not_know_each_other_and_what_they_share_knows_none(path: Path) -> None:
    own = path.relative_to(HOUSE / "connectors").parts[0]
    foreign = {f"connectors.{name}" for name in CONNECTORS if name != own}
    assert [name for name in imports(path) if any(f"{name}.".startswith(f"{one}.") for one in foreign)] == []


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, by its full name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_connector_has_its_webhook() -> None:
    """Which is how the tests here tell them from what connectors share."""
    assert sorted(connector_kinds()) == CONNECTORS


def test_a_file_can_be_read_in_one_sitting() -> None:
    long = {
        str(path.relative_to(HOUSE)): lines
        for path in python_files()
        if (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert {name: lines for name, lines in long.items() if name not in DATA} == {}


def test_every_dependency_says_in_a_line_why_it_is_there() -> None:
    text = (HOUSE / "pyproject.toml").read_text()
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.M | re.S)
    assert listed
    assert [line for line in listed[1].splitlines() if "#" not in line] == []
