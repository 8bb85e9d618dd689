from pathlib import Path

import pytest

from config.env_file import read_env_file


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("export NAME=plain", "plain"),
        ("NAME='p${HOME}w'", "p${HOME}w"),
        ("export NAME = 'p${HOME}w'  # why", "p${HOME}w"),
        ("NAME='two\nlines ${HOME}'", "two\nlines ${HOME}"),
        ("NAME='it\\'s $HOME'", "it's $HOME"),
        ('NAME="p${HOME}w"', "p/home/kimw"),
        ("NAME=p${HOME}w", "p/home/kimw"),
        ("NAME=p${NOWHERE:-x}w", "pxw"),
        ("NAME=${OTHER}", "p${HOME}w"),
        ("# 'a'\nNAME=p${HOME}w", "p/home/kimw"),
        ("NAME=", ""),
    ],
)
def test_single_quotes_mean_literally_and_others_are_expanded(
    line: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/kim")
    monkeypatch.delenv("NOWHERE", raising=False)
    (tmp_path / ".env").write_text(f"OTHER='p${{HOME}}w'\n{line}\n")
    assert read_env_file(tmp_path / ".env")["NAME"] == value


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert read_env_file(tmp_path / ".env") == {}


def test_a_name_without_a_value_and_a_broken_line_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ALONE\n'broken\nNAME=value\n")
    assert read_env_file(tmp_path / ".env") == {"NAME": "value"}
