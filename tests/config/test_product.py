"""What a right product file becomes."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

import config
from config.product import Product, connector_kinds, load_product, product_remarks, rule_names
from service.demo.environment import PRODUCT_FILE, TIMEZONE, no_environment
from service.demo.story import tell
from service.flow.product_plan import plan_of, rules_of

EXAMPLES = Path(config.__file__).parent / "examples"
EXAMPLE_ENVIRONMENT = {
    "ONL_EMAIL": "attune@example.com",
    "ONL_TOKEN": "onl-token",
    "ONL_HOOK": "onl-hook",
    "GH_TOKEN": "gh-token",
    "STORES_HOOK": "https://hooks.example.com/stores",
}
SMALLEST = """\
product: {name: Webshop}
teams: [{key: online, name: Online}]
sources: [{key: gh, type: github, repository: acme/web, auth: {token: "${TOKEN}"}, team: online}]
"""


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOKEN", raising=False)


def load(text: str, environment: Mapping[str, str] | None = None) -> Product:
    Path("product.yaml").write_text(text, encoding="utf-8")
    return load_product(Path("product.yaml"), environment)


def token_of(product: Product) -> str:
    found: str = product.sources[0].auth.token.get_secret_value()  # type: ignore[attr-defined]
    return found


def test_the_example_is_complete_and_right() -> None:
    found = load_product(EXAMPLES / "webshop.yaml", EXAMPLE_ENVIRONMENT)
    assert [team.key for team in found.teams] == ["online", "search", "stores"]
    assert [(source.key, source.type) for source in found.sources] == [
        ("online-jira", "jira"),
        ("stores-gh", "github"),
    ]
    assert [route.team for route in found.sources[0].route] == ["search", "online"]
    assert found.sources[0].mapping.priority == {"Blocker": 1}
    assert found.goals[0].metric is not None
    assert found.goals[0].metric.model_dump() == {
        "name": "Orders from both channels",
        "target": 5000,
        "unit": "orders/week",
    }
    assert isinstance(found.goals[0].metric.target, int)
    assert found.notify[0].url.get_secret_value() == "https://hooks.example.com/stores"
    assert set(found.model_fields_set) == set(Product.model_fields)  # nothing it can say is left out


def test_every_example_is_tested() -> None:
    assert [path.name for path in EXAMPLES.glob("*.yaml")] == ["webshop.yaml"]


def test_the_demonstration_fits_its_story() -> None:
    found = load_product(PRODUCT_FILE, no_environment())
    story = tell(date(2028, 2, 29))
    assert {team.key for team in found.teams} == set(story.teams)
    assert found.product.timezone == TIMEZONE
    owned = {team.key: set(team.components) for team in found.teams}
    used = {
        key: {name for ticket in team.tickets for name in ticket.components}
        for key, team in story.teams.items()
    }
    assert owned == used
    labels = {label for ticket in story.tickets.values() for label in ticket.labels}
    assert {label for goal in found.goals for label in goal.select.labels} == labels


def test_what_is_left_out_has_defaults() -> None:
    found = load(SMALLEST, {"TOKEN": "t"})
    assert (found.timezone, found.product.language, found.product.chief_po) == (ZoneInfo("UTC"), "en", None)
    assert (found.cadence.every, found.cadence.day, found.cadence.at) == ("week", "monday", time(10))
    assert (found.goals, found.rules, found.notify, found.escalation) == ((), {}, (), ())
    assert found.sources[0].poll == timedelta(minutes=5)
    assert found.teams[0].owner is None


def test_a_section_without_anything_below_it_is_left_out() -> None:
    assert load(SMALLEST + "goals:\n  # - key: promo\nrules:\nnotify: ~\n", {"TOKEN": "t"}).goals == ()


def test_a_product_cannot_be_changed() -> None:
    found = load(SMALLEST, {"TOKEN": "t"})
    with pytest.raises(ValidationError):
        found.teams = ()


def test_no_secret_shows_in_a_product() -> None:
    found = load_product(EXAMPLES / "webshop.yaml", EXAMPLE_ENVIRONMENT)
    for secret in ("onl-token", "onl-hook", "gh-token", "https://hooks.example.com"):
        assert secret not in repr(found)
        assert secret not in found.model_dump_json()


def test_connectors_are_found_without_being_registered() -> None:
    assert list(connector_kinds()) == ["github", "jira"]
    for name, kind in connector_kinds().items():
        assert kind.Options.__module__.startswith(f"connectors.{name}.")


def test_yaml_is_version_1_2() -> None:
    """Where 1.1 has booleans, dates and minutes, there is text."""
    text = SMALLEST + "goals: [{key: no, name: 2026-03-01, select: {labels: [yes, off, 1:30, 0x]}}]\n"
    [goal] = load(text + "rules: {mirror-drift: off}\n", {"TOKEN": "t"}).goals
    assert (goal.key, goal.name) == ("no", "2026-03-01")
    assert goal.select.labels == ("yes", "off", "1:30", "0x")


def test_aliases_are_written_out() -> None:
    text = SMALLEST + "goals:\n  - {key: a, name: A, select: &one {labels: [x]}}\n"
    found = load(text + "  - {key: b, name: B, select: *one}\n", {"TOKEN": "t"})
    assert found.goals[0].select == found.goals[1].select


def test_a_rule_holds_only_what_the_file_sets() -> None:
    text = SMALLEST + (
        "rules:\n  mirror-drift: off\n  dependency-date: {mode: concurrent}\n"
        "  dependency-unplanned: {horizon: 2w}\n  dependency-overdue: {scope: all}\n  dod-mismatch: {}\n"
        "  dependency-unanswered: {after: 3d}\n"
    )
    found = load(text, {"TOKEN": "t"})
    assert found.rules == {
        "mirror-drift": "off",
        "dependency-date": {"mode": "concurrent"},
        "dependency-unplanned": {"horizon": timedelta(days=14)},
        "dependency-overdue": {"scope": "all"},
        "dod-mismatch": {},
        "dependency-unanswered": {"after": timedelta(days=3)},
    }
    assert rules_of(found)["mirror-drift"] is None
    assert rules_of(found)["dependency-date"] == {"mode": "concurrent"}


def test_every_rule_can_be_switched_off() -> None:
    rules = "".join(f"  {name}: off\n" for name in rule_names())
    assert list(load(f"{SMALLEST}rules:\n{rules}", {"TOKEN": "t"}).rules) == list(rule_names())


def test_a_plan_comes_of_the_example() -> None:
    plan = plan_of(load_product(EXAMPLES / "webshop.yaml", EXAMPLE_ENVIRONMENT), date(2026, 3, 2))
    assert plan.shared == {"back-office": 1}
    assert plan.rules["priority-inflation"] is None
    assert plan.goals[1].epics == {"ONL-12"}
    assert plan.baseline[0].also == ("Code review gedaan",)


def test_variables_stand_inside_texts_too() -> None:
    text = SMALLEST.replace("acme/web", '"${OWNER}/web-${NUMBER}"')
    found = load(text, {"TOKEN": "t", "OWNER": "acme", "NUMBER": "7"})
    assert found.sources[0].repository == "acme/web-7"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "value",
    ["12", "off", "~", "${TOKEN}", "a: b", "'", "{x}", "# no comment", "two\nlines", "${file:/etc/x}"],
)
def test_a_variable_is_taken_as_it_is(value: str) -> None:
    assert token_of(load(SMALLEST, {"TOKEN": value})) == value


def test_a_variable_can_be_a_number_where_one_is_wanted() -> None:
    text = SMALLEST.replace('{token: "${TOKEN}"}', '{app_id: 1, private_key: p, installation_id: "${TOKEN}"}')
    assert load(text, {"TOKEN": "678"}).sources[0].auth.installation_id == 678  # type: ignore[attr-defined]


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {}", "{}\t ", "\n{}\n\n", "\ufeff{}"])
def test_blanks_around_a_secret_go_and_its_variable_is_named(
    around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "product.yaml").write_text(SMALLEST)
    monkeypatch.setenv("TOKEN", around.format("hush hush"))
    assert token_of(load(SMALLEST)) == "hush hush"
    (remark,) = product_remarks(tmp_path / "product.yaml")
    assert "environment variable TOKEN" in remark
    assert "hush" not in remark


def test_blanks_around_a_mounted_secret_go_too(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("  a b \n\n")
    text = SMALLEST.replace("${TOKEN}", f"${{file:{tmp_path}/token}}")
    assert token_of(load(text, {})) == "a b"


def test_a_sound_secret_is_no_remark(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(SMALLEST)
    assert product_remarks(tmp_path / "product.yaml", {"TOKEN": "t"}) == []


def test_single_quotes_in_the_env_file_mean_literally(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kim")
    Path(".env").write_text("TOKEN='p${HOME}w'\n")
    assert token_of(load(SMALLEST)) == "p${HOME}w"


def test_a_mounted_secret_loses_its_last_line_break(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("first\nsecond\r\n")
    text = SMALLEST.replace("${TOKEN}", f"${{file:{tmp_path}/token}}")
    assert token_of(load(text, {})) == "first\nsecond"


def test_the_environment_goes_before_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TOKEN=kept\nATTUNE_PORT=9000\n")
    assert token_of(load(SMALLEST)) == "kept"
    monkeypatch.setenv("TOKEN", "set")
    assert token_of(load(SMALLEST)) == "set"


def test_a_given_environment_is_the_whole_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "set")
    assert token_of(load(SMALLEST, {"TOKEN": "given"})) == "given"


@pytest.mark.parametrize(
    "prefix", ["\ufeff", "%YAML 1.2\n---\n", "# comment\r\n"], ids=["bom", "version", "crlf"]
)
def test_it_may_begin_as_editors_like(prefix: str) -> None:
    assert load(prefix + SMALLEST, {"TOKEN": "t"}).product.name == "Webshop"
