"""``attune check`` beside a store: what open items wait for and no source reads, and what is stale."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from connectors.jira.simulator import JiraSite, application, issue
from service.cli.main import commands
from tests.support.serving import served

TOKEN = "the-right-token"
ISSUES = [
    issue("ONL-1", "A basket", "datacenter", description="Blocked by OPS-7 and PAY-3."),
    issue("ONL-2", "A voucher", "datacenter", description="Blocked by OPS-8."),
]


def attune(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


@pytest.fixture
def url() -> Iterator[str]:
    site = JiraSite(
        flavour="datacenter", projects={"ONL": "Online", "STO": "Stores"}, issues=ISSUES, token=TOKEN
    )
    with served(application(site)) as found:
        yield found


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> Path:
    """A directory with a product of one source, and no store."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "product.yaml").write_text(
        f"product: {{name: Webshop}}\nteams: [{{key: online, name: Online}}]\nsources:\n{source('ONL', url)}"
    )
    return tmp_path


def source(project: str, url: str) -> str:
    key, auth = project.lower(), f"{{token: {TOKEN}}}"
    return f"  - {{key: {key}, type: jira, url: '{url}', project: {project}, auth: {auth}, team: online}}\n"


def test_without_a_store_stale_items_are_unknown_and_none_is_made(workplace: Path) -> None:
    result = attune("check", "--online")
    assert result.exit_code == 0, result.output
    assert "stale items: unknown until attune sync has read it" in result.stdout
    assert not (workplace / "attune-data").exists()


def test_with_a_store_what_is_stale_and_what_no_source_reads_is_listed(url: str) -> None:
    assert attune("sync").exit_code == 0
    result = attune("check", "--online")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    site = url.removeprefix("http://")
    assert f"not read: OPS on {site}, named 2 times, by ONL-1, ONL-2; to read it, add to sources:" in text
    assert f"not read: PAY on {site}, named 1 times, by ONL-1" in text
    assert f'- {{key: ops, type: jira, url: "https://{site}", project: OPS, team: …, ' in text
    assert "nobody has touched them for 180 days): 2" in text
    assert "not read: OPS" in attune("check").stdout


def test_a_source_that_is_not_in_the_store_yet_is_unknown(workplace: Path, url: str) -> None:
    assert attune("sync").exit_code == 0
    with (workplace / "product.yaml").open("a") as file:
        file.write(source("STO", url))
    text = attune("check", "--online").stdout
    assert "stale items: unknown until attune sync has read it" in text
    assert "180 days): 2" in text


def test_a_file_that_is_no_database_is_no_store(workplace: Path) -> None:
    (workplace / "attune-data").mkdir()
    (workplace / "attune-data" / "attune.db").write_text("this is no database")
    result = attune("check", "--online")
    assert result.exit_code == 0, result.output
    assert "stale items: unknown" in result.stdout
