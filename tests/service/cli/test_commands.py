import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.main import commands

PRODUCT = """\
product: {name: Webshop, timezone: Europe/Amsterdam, language: en}
teams:
  - {key: online, name: Online, owner: {name: Robin, email: robin@example.com}}
sources:
  - key: online-jira
    type: jira
    url: http://127.0.0.1:1
    project: ONL
    auth: {email: robin@example.com, token: "${JIRA_TOKEN}"}
    team: online
"""


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory with a right product file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIRA_TOKEN", "very-secret")
    (tmp_path / "product.yaml").write_text(PRODUCT)
    return tmp_path


def _attune(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


@pytest.mark.parametrize(
    "name", ["serve", "sync", "check", "backlog", "conflicts", "dod", "token", "openapi", "demo"]
)
def test_every_command_explains_itself(name: str) -> None:
    result = _attune(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["sync", "nonsense"], ["backlog", "--limit", "0"], ["serve", "--role", "king"]],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_2(words: list[str]) -> None:
    result = _attune(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_missing_product_file_is_one_message_and_exit_code_1(workplace: Path) -> None:
    (workplace / "product.yaml").unlink()
    result = _attune("check")
    assert result.exit_code == 1
    assert "product.yaml" in result.stderr
    assert "Traceback" not in result.output


def test_every_mistake_in_the_product_file_is_named_with_its_line(workplace: Path) -> None:
    broken = PRODUCT.replace("team: online\n", "team: nobody\n").replace("Europe/Amsterdam", "Europe/Nowhere")
    (workplace / "product.yaml").write_text(broken)
    result = _attune("check")
    assert result.exit_code == 1
    assert "product.yaml:1" in result.stderr
    assert "product.yaml:10" in result.stderr
    assert "very-secret" not in result.output


def test_a_right_product_file_is_summed_up() -> None:
    result = _attune("check")
    assert result.exit_code == 0
    assert "1 teams, 1 sources, 0 goals" in result.stdout


def test_a_secret_with_a_line_break_around_it_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JIRA_TOKEN", "very-secret\n")
    result = _attune("check")
    assert result.exit_code == 0
    assert "environment variable JIRA_TOKEN" in result.stdout
    assert "very-secret" not in result.output


def test_a_bad_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_PORT", "not-a-port")
    result = _attune("check")
    assert result.exit_code == 1
    assert "ATTUNE_PORT" in result.stderr
    assert "not-a-port" not in result.stderr


def test_json_is_all_that_json_prints() -> None:
    for name in ("backlog", "conflicts"):
        result = _attune(name, "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout) == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("name", "nothing"),
    [
        ("backlog", "Nothing here."),
        ("conflicts", "No conflicts."),
        ("dod", "No team's Definition of Done is known."),
    ],
)
def test_nothing_found_in_what_was_not_read_says_so_and_what_to_do(name: str, nothing: str) -> None:
    told = _attune(name).stdout.splitlines()
    assert told == [nothing, "Not read in full yet: online-jira. attune sync reads now."]


def test_a_token_is_shown_once_listed_without_it_and_revoked() -> None:
    made = json.loads(
        _attune("token", "create", "Robin", "--role", "po", "--team", "online", "--json").stdout
    )
    assert made["token"].startswith("att_")
    listed = _attune("token", "list", "--json").stdout
    assert made["id"] in listed
    assert made["token"] not in listed
    assert _attune("token", "revoke", made["id"]).exit_code == 0
    assert json.loads(_attune("token", "list", "--json").stdout)["items"] == []
    assert _attune("token", "revoke", made["id"]).exit_code == 1


def test_a_po_token_without_a_team_is_refused_in_words() -> None:
    result = _attune("token", "create", "Robin", "--role", "po")
    assert result.exit_code == 1
    assert "team" in result.stderr


def test_the_description_is_written_to_a_file(workplace: Path) -> None:
    assert _attune("openapi", "--output", "openapi.json").exit_code == 0
    assert json.loads((workplace / "openapi.json").read_text())["openapi"].startswith("3.1")


def test_the_demonstration_shows_backlog_and_conflicts_and_ends_when_asked() -> None:
    result = _attune("demo", "--once")
    assert result.exit_code == 0, result.output
    for part in ("The head of the one backlog", "Conflicts between the teams", "Definitions of Done"):
        assert part in result.stdout
    assert "\x1b" not in result.stdout
