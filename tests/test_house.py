"""House rules that import-linter cannot hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("path", [path for path in python_files() if path.parent.name == "rules"], ids=str)
def test_rules_do_not_know_each_other(path: Path) -> None:
    if path.name.startswith("_"):
        return
    imported = [
        node.module
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("service.rules")
    ]
    others = [name for name in imported if not str(name).removeprefix("service.rules.").startswith("_")]
    assert others == []


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
