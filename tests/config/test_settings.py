from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config.settings import Settings
from service.delivery.address import parse_networks

TOKEN = "att_" + "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory, and no ATTUNE_… of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ATTUNE_{name.upper()}", raising=False)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    found = Settings()
    assert found.product_file == Path("product.yaml")
    assert found.database_url == "sqlite:///attune-data/attune.db"
    assert (found.admin_token, found.secret_key, found.allow_private_webhooks) == (None, None, [])
    assert (found.host, found.port, found.log_format) == ("127.0.0.1", 8000, "text")


def test_the_environment_goes_before_the_env_file(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / ".env").write_text("ATTUNE_PORT=9000\nATTUNE_HOST=0.0.0.0\nONL_TOKEN=not-for-settings\n")
    monkeypatch.setenv("ATTUNE_PORT", "9001")
    assert (Settings().host, Settings().port) == ("0.0.0.0", 9001)


def test_an_empty_value_means_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"ATTUNE_{name.upper()}", "")
    assert Settings() == Settings(product_file=Path("product.yaml"))
    assert Settings().admin_token is None


def test_blanks_around_a_value_go_and_single_quotes_mean_literally(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / ".env").write_text(f"ATTUNE_SECRET_KEY='a${{HOME}}b'\nATTUNE_ADMIN_TOKEN=' {TOKEN} '\n")
    monkeypatch.setenv("ATTUNE_HOST", " 0.0.0.0\n")
    found = Settings()
    assert found.host == "0.0.0.0"
    assert found.secret_key == SecretStr("a${HOME}b")
    assert found.admin_token == SecretStr(TOKEN)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sqlite:////data/attune.db", "sqlite:////data/attune.db"),
        ("sqlite:///here.db", "sqlite:///here.db"),
        (
            "postgresql://u:p@host:5432/name?sslmode=require",
            "postgresql://u:p@host:5432/name?sslmode=require",
        ),
        ("postgres://u:p@host/name", "postgresql://u:p@host/name"),
        ("postgresql://u:p#:?/d@[::1]:5432/name", "postgresql://u:p#:?/d@[::1]:5432/name"),
        ("postgresql:///name?host=/run/postgresql", "postgresql:///name?host=/run/postgresql"),
    ],
)
def test_sqlite_and_postgresql_are_databases(given: str, kept: str) -> None:
    assert Settings(database_url=given).database_url == kept


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("database_url", "mysql://u:hushhush@host/name", "expected sqlite:///PATH or postgresql://"),
        ("database_url", "sqlite://", "expected sqlite:///PATH or postgresql://"),
        (
            "database_url",
            "postgresql://u:hushhush@host:port/name",
            "expected sqlite:///PATH or postgresql://",
        ),
        ("database_url", "hushhush", "expected sqlite:///PATH or postgresql://"),
        ("admin_token", "att_hushhush", "expected att_ and at least 32 characters"),
        ("admin_token", "hushhush" * 8, "expected att_ and at least 32 characters"),
        ("admin_token", "att_hushhush" + " " * 40, "expected att_ and at least 32 characters"),
        ("allow_private_webhooks", "10.0.0.0/8,hushhush", "expected networks such as 10.0.0.0/8"),
        ("allow_private_webhooks", "10.1.2.3/8", "expected networks such as 10.0.0.0/8"),
        ("allow_private_webhooks", "[10.0.0.0/8", "expected networks such as 10.0.0.0/8"),
        ("port", "hushhush", "integer"),
        ("port", "65536", "65535"),
        ("log_format", "hushhush", "'text' or 'json'"),
    ],
)
def test_a_bad_setting_is_named_and_never_repeated(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ATTUNE_{name.upper()}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    [error] = caught.value.errors()
    assert error["loc"] == (name,)
    assert expected in error["msg"]
    assert "hushhush" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "networks"),
    [
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        (" 10.0.0.0/8 , fd00::/8,", ["10.0.0.0/8", "fd00::/8"]),
        ('["192.168.1.7", "10.0.0.0/8"]', ["192.168.1.7/32", "10.0.0.0/8"]),
    ],
)
def test_private_networks_come_with_commas_or_as_json(
    value: str, networks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_ALLOW_PRIVATE_WEBHOOKS", value)
    found = Settings().allow_private_webhooks
    assert found == networks
    assert len(parse_networks(found)) == len(networks)


@pytest.mark.parametrize("show", [repr, str], ids=["repr", "str"])
def test_no_secret_is_shown(show: Callable[[object], str]) -> None:
    made = Settings(
        admin_token=SecretStr(TOKEN),
        secret_key=SecretStr("hushhush"),
        database_url="postgresql://u:hushhush@host/name",
    )
    assert TOKEN not in show(made)
    assert "hushhush" not in show(made)
    assert made.admin_token is not None
    assert made.admin_token.get_secret_value() == TOKEN
