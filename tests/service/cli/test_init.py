"""``attune init`` against the demonstration's trackers over real HTTP, and its questions."""

import socket
import stat
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dotenv import dotenv_values

from config.product import load_product
from connectors import transport
from connectors.github.simulator import GitHubHost
from connectors.github.simulator import application as github
from connectors.github.simulator import issue as github_issue
from service.cli.main import commands
from service.demo.demonstration import trackers
from service.demo.trackers.served_trackers import address, serving

SECRETS = ("DEMO_ONLINE_TOKEN", "DEMO_BACKOFFICE_TOKEN", "DEMO_GITHUB_TOKEN")


@pytest.fixture(scope="module")
def environment() -> Iterator[Mapping[str, str]]:
    with trackers(date(2028, 2, 29)) as found:
        yield found


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, no credential of this machine, and no patience."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTUNE_PRODUCT_FILE", "product.yaml")
    monkeypatch.setattr(transport, "TRIES", 1)
    for name in ("JIRA_EMAIL", "JIRA_TOKEN", "GH_TOKEN", "JIRA_2_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def _attune(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(commands, words, input=typed)


def _host(url: str) -> str:
    return url.partition("//")[2]


def _all_trackers(environment: Mapping[str, str]) -> list[str]:
    online, backoffice = environment["DEMO_ONLINE_URL"], environment["DEMO_BACKOFFICE_URL"]
    hosts, github_url = (_host(online), _host(backoffice)), environment["DEMO_GITHUB_URL"]
    return [
        *("--jira", online, "--jira", backoffice),
        *("--project", f"{hosts[0]}/ONL", "--project", f"{hosts[1]}/BO"),
        *("--jira-email", f"{hosts[0]}=DEMO_ONLINE_EMAIL", "--jira-token", f"{hosts[0]}=DEMO_ONLINE_TOKEN"),
        *("--jira-token", f"{hosts[1]}=DEMO_BACKOFFICE_TOKEN"),
        *("--github-url", github_url, "--github", "veldhuis/stores", "--github", "veldhuis/data"),
        *("--github-project", "stores=veldhuis/1", "--github-token", "DEMO_GITHUB_TOKEN"),
        *("--timezone", "Europe/Amsterdam", "--yes"),
    ]


def _assert_no_secret(text: str, environment: Mapping[str, str]) -> None:
    assert [name for name in SECRETS if environment[name] in text] == []


def test_what_is_written_checks_answers_and_syncs_and_no_secret_is_shown(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, workplace: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for words in (["init", *_all_trackers(environment)], ["check"], ["check", "--online"], ["sync"]):
        result = _attune(*words)
        assert result.exit_code == 0, result.output
        _assert_no_secret(result.output, environment)
    text = (workplace / "product.yaml").read_text()
    _assert_no_secret(text, environment)
    assert not (workplace / ".env").exists()
    product = load_product(workplace / "product.yaml")
    assert [one.key for one in product.teams] == ["online", "back-office", "stores", "data"]
    assert [one.key for one in product.sources] == [
        "online-jira",
        "back-office-jira",
        "stores-github",
        "data-github",
    ]
    for found in (
        "#     Hoogste: 1 ",
        "#     In behandeling: doing ",
        "#     due: Target end ",
        "#     definition_of_done: [Definition of Done, Done criteria]",
        "# Definition of Done: 5 lines in a document of the repository.",
        "# epics: milestone ",
        "# components: [checkout, account, search]",
        "select: {labels: [promo]}",
    ):
        assert found in text


def test_every_mapping_that_is_proposed_also_answers_when_it_counts(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, workplace: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _attune("init", *_all_trackers(environment)).exit_code == 0
    lines: list[str] = []
    is_inside = False
    for line in (workplace / "product.yaml").read_text().splitlines():
        is_inside = line == "    # mapping:" or (is_inside and line.startswith("    #   "))
        lines.append(line.replace("    # ", "    ", 1) if is_inside else line)
    (workplace / "product.yaml").write_text("\n".join(lines))
    product = load_product(workplace / "product.yaml")
    assert all(one.mapping.priority and one.mapping.state for one in product.sources)
    assert product.sources[0].mapping.fields.due == "Target end"
    result = _attune("check", "--online")
    assert result.exit_code == 0, result.output


def test_questions_are_asked_and_typed_credentials_go_unseen_into_the_env_file(
    environment: Mapping[str, str], workplace: Path
) -> None:
    (workplace / ".env").write_text("OTHER=kept")
    typed = [
        *("jira", environment["DEMO_BACKOFFICE_URL"] + "/browse/BO-1", "BO", "token", ""),
        *("github", environment["DEMO_GITHUB_URL"] + "/veldhuis/stores", "veldhuis/1", "GH_TOKEN"),
        *("done", "Veldhuis", "Amsterdam", "Europe/Amsterdam", "nl"),
        *(environment["DEMO_BACKOFFICE_TOKEN"], environment["DEMO_GITHUB_TOKEN"]),
    ]
    result = _attune("init", typed="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    _assert_no_secret(result.output, environment)
    _assert_no_secret((workplace / "product.yaml").read_text(), environment)
    assert "expected an IANA time zone" in result.output
    assert dotenv_values(workplace / ".env") == {
        "OTHER": "kept",
        "JIRA_TOKEN": environment["DEMO_BACKOFFICE_TOKEN"],
        "GH_TOKEN": environment["DEMO_GITHUB_TOKEN"],
    }
    assert stat.S_IMODE((workplace / ".env").stat().st_mode) == 0o600
    assert _attune("check", "--online").exit_code == 0
    product = load_product(workplace / "product.yaml")
    assert (product.product.name, product.product.language) == ("Veldhuis", "nl")
    assert str(product.sources[1].model_dump()["url"]).endswith("/api/v3")


def test_a_value_that_is_set_already_is_not_asked_again(
    environment: Mapping[str, str], workplace: Path
) -> None:
    before = f"GH_TOKEN={environment['DEMO_GITHUB_TOKEN']}\n"
    (workplace / ".env").write_text(before)
    options = ("--github", environment["DEMO_GITHUB_URL"] + "/veldhuis/data", "--timezone", "UTC")
    result = _attune("init", *options, "--name", "Shop", "--language", "en", typed="")
    assert result.exit_code == 0, result.output
    assert (workplace / ".env").read_text() == before


def test_a_wrong_token_is_one_sentence_the_rest_goes_on_and_the_source_is_written(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, workplace: Path
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DEMO_BACKOFFICE_TOKEN", "a-wrong-one-that-is-secret")
    result = _attune("init", *_all_trackers(environment))
    assert result.exit_code == 1
    assert "✗ back-office" not in result.output
    assert "✗ bo-jira: Authentication failed" in result.output
    assert "bo-jira could not be read" in result.stderr
    assert result.output.count("✓") == 3
    text = (workplace / "product.yaml").read_text()
    assert "# NOT READ by attune init: Authentication failed" in text
    assert "a-wrong-one" not in result.output + text
    assert _attune("check").exit_code == 0


def test_a_tracker_that_is_not_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, workplace: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("JIRA_TOKEN", "very-secret")
    result = _attune("init", "--jira", nowhere, "--project", "ONL", "--yes")
    assert result.exit_code == 1
    assert "✗ onl-jira: 127.0.0.1" in result.output
    assert "cannot be reached" in result.output
    assert "Traceback" not in result.output
    assert len(load_product(workplace / "product.yaml").sources) == 1


def test_a_refused_typed_token_is_not_kept(environment: Mapping[str, str], workplace: Path) -> None:
    options = ("--jira", environment["DEMO_BACKOFFICE_URL"], "--project", "BO", "--timezone", "UTC")
    result = _attune("init", *options, "--name", "Shop", "--language", "en", typed="a-mistyped-one\n")
    assert result.exit_code == 1
    assert not (workplace / ".env").exists()
    assert "a-mistyped-one" not in result.output + (workplace / "product.yaml").read_text()


def test_a_variable_that_is_not_set_is_named_and_the_file_is_written_all_the_same(workplace: Path) -> None:
    result = _attune("init", "--github", "acme/stores", "--yes")
    assert result.exit_code == 1
    assert "stores-github: GH_TOKEN is not set, in the environment or in .env" in result.output
    assert load_product(workplace / "product.yaml", {"GH_TOKEN": "later"}).sources[0].key == "stores-github"


def test_a_product_file_is_written_over_only_by_force(
    environment: Mapping[str, str], workplace: Path
) -> None:
    (workplace / "product.yaml").write_text("mine")
    options = ("--github", "acme/stores", "--yes")
    result = _attune("init", *options)
    assert result.exit_code == 1
    assert "--force" in result.stderr
    assert (workplace / "product.yaml").read_text() == "mine"
    assert _attune("init", *options, "--output", "other.yaml").exit_code == 1  # for want of a token
    assert (workplace / "other.yaml").exists()
    _attune("init", *options, "--force")
    assert "stores-github" in (workplace / "product.yaml").read_text()


@pytest.mark.parametrize(
    "words",
    [
        ["--yes"],
        ["--project", "ONL", "--yes"],
        ["--github", "stores", "--yes"],
        ["--github", "acme/stores", "--github-token", "ghp_hush", "--yes"],
        ["--github", "acme/stores", "--timezone", "Amsterdam", "--yes"],
        ["--github", "acme/stores", "--language", "fr", "--yes"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_code_2_and_writes_nothing(words: list[str], workplace: Path) -> None:
    result = _attune("init", *words)
    assert result.exit_code == 2, result.output
    assert "hush" not in result.output
    assert list(workplace.iterdir()) == []


@pytest.mark.parametrize("version", ["3.14", "3.18"])
def test_an_enterprise_server_with_priorities_of_its_own_is_read_in_bounds(
    version: str, monkeypatch: pytest.MonkeyPatch, workplace: Path
) -> None:
    issues = [github_issue(number, "A till", labels=["priority: P-Soon"]) for number in range(1, 501)]
    host = GitHubHost(
        repositories={"acme/stores": issues}, token="the-right-token", enterprise_version=version
    )
    listening = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("GH_TOKEN", "the-right-token")
    with serving([github(host)], [listening]):
        result = _attune("init", "--github", f"{address(listening)}/acme/stores", "--yes")
    assert result.exit_code == 0, result.output
    assert "200 items looked at" in result.output
    assert "not understood: P-Soon" in result.output
    text = (workplace / "product.yaml").read_text()
    assert "# NOT UNDERSTOOD, fill in: P-Soon" in text
    assert f"GitHub Enterprise Server {version}" in text
    assert "the-right-token" not in result.output + text


def test_its_help_names_every_way_to_say_where_a_credential_is() -> None:
    result = _attune("init", "--help")
    assert result.exit_code == 0
    for option in ("--jira-email", "--jira-token", "--jira-user", "--jira-password", "--github-token"):
        assert option in result.stdout
    assert "never the value" in result.stdout
