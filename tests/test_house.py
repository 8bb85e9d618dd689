"""House rules that import-linter cannot hold."""

import ast
import re
from collections import Counter
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


LEFT_TO_THE_UNIT_OF_WORK = {
    "service.store.process.revision.grow",
    "service.store.process.touched.mark",
    "service.store.process.touched.mark_everything",
    "service.store.process.touched.settle",
    "service.store.process.jobs.hold",
    "service.store.process.jobs.enqueue",
    "service.store.process.jobs.announce",
    "service.flow.publish.publish",
}
UNIT_OF_WORK = "service/flow/unit_of_work.py"
RINGING = {UNIT_OF_WORK, "service/flow/worker.py", "service/flow/telling/deliver.py", "service/app.py"}
"""The unit of work, the loops for themselves, and what stops them."""


def test_only_the_unit_of_work_says_what_changed_and_wakes_whoever_waits() -> None:
    """Placed by hand after a write, each of these is silently forgotten one day."""
    by_hand = {
        f"{name}: {call}"
        for path in python_files()
        for call in calls(path)
        if (name := str(path.relative_to(HOUSE))) != UNIT_OF_WORK
        if call in LEFT_TO_THE_UNIT_OF_WORK or (call.endswith(".ring") and name not in RINGING)
    }
    assert by_hand == set()


def calls(path: Path) -> Iterator[str]:
    """Every function that a file calls, by the full name of what it imports, else as it is written."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, *rest = ast.unparse(node.func).split(".")
            yield ".".join([imported.get(first, first), *rest])


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


def room_tests() -> dict[str, list[str]]:
    """The table of CONTRIBUTING, "Where a module's test is"."""
    section = (HOUSE / "CONTRIBUTING.md").read_text().partition("## Where a module's test is")[2]
    rows = re.findall(r"^\| `(\S+)` \| (`tests/.*) \|$", section.partition("\n## ")[0], re.M)
    return {room: re.findall(r"`(tests/[\w/.]+)`", places) for room, places in rows}


def has_namesake_test(path: Path) -> bool:
    """One that imports it."""
    package = ".".join(path.relative_to(HOUSE).parts[:-1])
    imported = re.compile(rf"from {package}\.{path.stem} |from {package} import [^)]*\b{path.stem}\b")
    return any(imported.search(test.read_text()) for test in (HOUSE / "tests").rglob(f"test_{path.stem}.py"))


def test_every_module_has_a_test_of_its_name_or_contributing_says_where_it_is_tested() -> None:
    rooms = room_tests()
    assert [place for places in rooms.values() for place in places if not (HOUSE / place).exists()] == []
    assert [room for room in rooms if not ((HOUSE / room).is_dir() or (HOUSE / f"{room}.py").is_file())] == []
    modules = {
        path: path.relative_to(HOUSE).with_suffix("") for path in python_files() if path.stem != "__init__"
    }
    assert [
        str(module)
        for path, module in modules.items()
        if not any(str(place) in rooms for place in (module, *module.parents)) and not has_namesake_test(path)
    ] == []


MOST_FILES = 12  # in a room, not counting __init__.py
CROWDED = {
    "service/domain/graph",
    "service/rules",  # one file per rule
}


def test_a_room_can_be_overlooked() -> None:
    rooms = Counter(str(path.parent.relative_to(HOUSE)) for path in python_files() if path.stem != "__init__")
    assert {room: files for room, files in rooms.items() if files > MOST_FILES and room not in CROWDED} == {}


AMBIGUOUS = {
    "agreement",
    "as_of",
    "backlog",
    "goals",
    "health",
    "history",
    "order",
    "standard",
}


def test_a_module_s_name_is_its_own_unless_one_resource_stands_in_api_flow_and_store() -> None:
    rooms: dict[str, set[str]] = {}
    twice = []
    for path in python_files():
        room, *_ = parts = path.relative_to(HOUSE).with_suffix("").parts
        if room != "service" or path.stem == "__init__":
            continue
        beside = rooms.setdefault(path.stem, set())
        if beside and not beside | {parts[1]} <= {"api", "flow", "store"}:
            twice.append(path.stem)
        beside.add(parts[1])
    assert set(twice) - AMBIGUOUS == set()


CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "thread_time"}


def test_no_test_asserts_a_time_on_the_clock() -> None:
    timed = set()
    for path in (HOUSE / "tests").rglob("*.py"):
        if "bench" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            is_import = isinstance(node, ast.ImportFrom) and CLOCKS & {name.name for name in node.names}
            if is_import or (isinstance(node, ast.Attribute) and node.attr in CLOCKS):
                timed.add(str(path.relative_to(HOUSE)))
    assert timed == set()
