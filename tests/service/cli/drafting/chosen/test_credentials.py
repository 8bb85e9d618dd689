import re
import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.cli.drafting.chosen.credentials import UnkeptSecret, keep, without_secrets

FILLED_IN = re.compile(r"\$\{[^}:]*(:-[^}]*)?\}")
"""What the file's readers put a variable's value for: ``${NAME}`` and ``${NAME:-else}``."""


def test_values_are_added_for_the_owner_alone_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# mine\nGH_TOKEN=old")
    path.chmod(0o644)
    keep({"JIRA_TOKEN": "it's # a \"new\\one", "JIRA_EMAIL": "po@example.com"}, path)
    assert path.read_text().startswith("# mine\nGH_TOKEN=old\n")
    assert dotenv_values(path) == {
        "GH_TOKEN": "old",
        "JIRA_TOKEN": "it's # a \"new\\one",
        "JIRA_EMAIL": "po@example.com",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_is_for_its_owner_alone_and_none_is_made_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    keep({}, path)
    assert not path.exists()
    keep({"GH_TOKEN": "new"}, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
@example("${")
@example("a}${b")
@example("${a:b}")
def test_a_value_is_kept_as_it_is_or_refused(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    path = tmp_path_factory.mktemp("kept") / ".env"
    if FILLED_IN.search(value):
        with pytest.raises(UnkeptSecret):
            keep({"GH_TOKEN": value}, path)
        assert not path.exists()
    else:
        keep({"GH_TOKEN": value}, path)
        assert dotenv_values(path) == {"GH_TOKEN": value}


@pytest.mark.parametrize("value", ["${HOME}", "secret-${}", "secret${a:-b}"])
def test_a_value_that_would_be_filled_in_is_refused_without_being_shown(tmp_path: Path, value: str) -> None:
    path = tmp_path / ".env"
    with pytest.raises(UnkeptSecret) as refused:
        keep({"GH_TOKEN": value}, path)
    assert "GH_TOKEN cannot stand in .env" in str(refused.value)
    assert value not in str(refused.value)
    assert not path.exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnkeptSecret, match="cannot be written"):
        keep({"GH_TOKEN": "new"}, tmp_path / "nowhere" / ".env")


def test_a_secret_that_a_tracker_repeats_is_left_out() -> None:
    assert without_secrets("see secret-1234 and ab", ["secret-1234", "ab"]) == "see … and ab"
