"""``attune what-if``: keys instead of ids, several changes together, tables or JSON."""

import asyncio
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli.commands.what_if_command import shown
from service.cli.console import output
from service.cli.main import commands
from tests.support import shop

PARTS = ("opened", "resolved", "changed", "moved", "forecast")


@pytest.fixture
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filled shop in this directory."""
    building = threading.Thread(target=lambda: asyncio.run(shop.build(tmp_path)))
    building.start()
    building.join()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_DATABASE_URL", f"sqlite:///{tmp_path}/attune.db")
    for name, secret in shop.SECRETS.items():
        monkeypatch.setenv(name, secret)


def _asked(*words: str) -> Result:
    return CliRunner().invoke(commands, ["what-if", *words])


def _found(*words: str) -> Mapping[str, Any]:
    result = _asked(*words, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


@pytest.mark.usefixtures("_shop")
def test_keys_in_any_case_and_ids_name_the_same_items() -> None:
    by_key = _found("--set", "bo-2", "priority=1,due=2027-03-01")
    assert by_key == _found("--set", "back-jira:2", "priority=1", "--set", "BO-2", "due=2027-03-01")
    assert "priority-inversion" in {one["kind"] for one in by_key["resolved"]}


@pytest.mark.usefixtures("_shop")
def test_dependencies_are_added_and_removed_and_what_comes_of_it_is_shown_in_tables() -> None:
    result = _asked("--remove", "BO-2", "ONL-2", "--add", "BO-4", "acme/stores#4")
    assert result.exit_code == 0, result.output
    assert "Opens" in result.stdout
    assert "Resolves" in result.stdout


@pytest.mark.usefixtures("_shop")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "--set, --add or --remove"),
        (["--set", "ONL-2", "title=x"], 2, "title=x"),
        (["--set", "ONL-2", "due"], 2, "due"),
        (["--set", "ONL-404", "priority=1"], 1, "no such item"),
        (["--set", "ONL-2", "due=tomorrow"], 1, "changes.0.set.due"),
        (["--remove", "ONL-2", "BO-2"], 1, "no such dependency"),
    ],
)
def test_what_cannot_be_is_said_in_words(words: list[str], code: int, said: str) -> None:
    result = _asked(*words)
    assert result.exit_code == code
    assert said in result.output
    assert "Traceback" not in result.output


def test_no_consequences_are_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    nothing: dict[str, Any] = {name: [] for name in PARTS}
    for part in shown(nothing):
        output().print(part)
    assert "Nothing would change" in capsys.readouterr().out


def test_moves_and_forecasts_are_tables(capsys: pytest.CaptureFixture[str]) -> None:
    answer: dict[str, Any] = {name: [] for name in PARTS[:3]} | {
        "moved": [{"item": "a:1", "key": "A-1", "from": 7, "to": None}],
        "forecast": [{"item": "a:2", "key": "A-2", "before": None, "after": "2027-01-01"}],
    }
    for part in shown(answer):
        output().print(part)
    told = capsys.readouterr().out
    assert "A-1" in told
    assert "2027-01-01" in told
