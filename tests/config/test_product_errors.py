"""What is said of a product file that is wrong: every mistake at once, with its line, without a secret."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.product import Product, ProductError, ProductErrors, load_product
from tests.support.examples import examples

RIGHT = """\
product:
  name: Webshop
  timezone: Europe/Amsterdam
  language: en
teams:
  - key: online
    name: Online shop
    owner: {name: Robin, email: robin@example.com}
    area: Web
  - key: stores
    name: Stores
sources:
  - key: online-jira
    type: jira
    url: https://acme.atlassian.net
    project: ONL
    auth: {email: robin@example.com, token: "${ONL_TOKEN}"}
    team: online
  - key: stores-gh
    type: github
    repository: acme/stores
    auth: {token: gh}
    team: stores

goals:
  - key: promo
    name: Spring promotion
    select: {labels: [promo]}
definition_of_done:
  - {id: review, text: Code reviewed}

rules:
  mirror-drift: off
  dependency-date: {mode: sequential}
escalation:
  - {when: {kind: [dod-mismatch]}, decider: chief_po, after: 5d}
cadence: {every: week, day: monday, at: "10:00"}
notify:
  - {key: all, url: https://hooks.example.com/hushhush, teams: [stores], events: [conflict.*]}
shared: [{component: back-office, max_parallel: 1}]
"""
ENVIRONMENT = {"ONL_TOKEN": "hushhush-from-outside", "EMPTY": ""}
CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("bad_files.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def load(text: str) -> Product:
    Path("product.yaml").write_text(text, encoding="utf-8")
    return load_product(Path("product.yaml"), ENVIRONMENT)


def errors_of(text: str) -> list[str]:
    with pytest.raises(ProductErrors) as caught:
        load(text)
    assert str(caught.value) == "\n".join(str(error) for error in caught.value.errors)
    assert caught.value.__context__ is None  # pydantic's own error would carry the values
    return [str(error) for error in caught.value.errors]


def changed(case: dict[str, Any]) -> str:
    text: str = case.get("file", RIGHT)
    for old, new in case.get("change", {}).items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_the_right_file_is_right() -> None:
    assert load(RIGHT).product.name == "Webshop"


@pytest.mark.parametrize("case", CASES, ids=[case["name"].replace(" ", "_") for case in CASES])
def test_it_is_said_with_line_and_field(case: dict[str, Any]) -> None:
    found = errors_of(changed(case))
    assert sorted(found) == sorted(case["errors"])
    assert "hushhush" not in "\n".join(found)


def test_every_mistake_comes_at_once_in_the_files_order() -> None:
    text = RIGHT
    said: list[str] = []
    for name in ("an unknown time zone", "no e-mail address", "half a credential", "neither team nor route"):
        [case] = [one for one in CASES if one["name"] == name]
        said += case["errors"]
        text = changed({**case, "file": text})
    assert errors_of(text) == said


def test_a_missing_variable_hides_no_other_mistake_and_causes_none() -> None:
    text = RIGHT.replace("https://acme.atlassian.net", "${NO_URL}").replace("team: stores", "team: nobody")
    found = errors_of(text.replace("type: github", "type: ${NO_TYPE}"))
    assert [one.split(" ")[1] for one in found] == ["sources[0].url:", "sources[1].type:", "sources[1].team:"]


def test_a_file_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(ProductErrors) as caught:
        load_product(Path("nowhere.yaml"), {})
    assert str(caught.value) == (
        "nowhere.yaml: cannot be read (No such file or directory); expected a product file there, which "
        "`attune init` drafts"
    )


def test_a_folder_is_no_product_file() -> None:
    with pytest.raises(ProductErrors, match=r"cannot be read \(Is a directory\)"):
        load_product(Path("."), {})


def test_bytes_that_are_no_text_are_named_with_their_line() -> None:
    Path("product.yaml").write_bytes(b"product:\n  name: \xff\n")
    with pytest.raises(ProductErrors, match=r"product\.yaml:2: is not UTF-8 text"):
        load_product(Path("product.yaml"), {})


def test_a_file_of_more_than_a_megabyte_is_refused_unread() -> None:
    assert errors_of(RIGHT + "#" * 1_000_000) == [
        "product.yaml: is larger than 1000000 bytes; expected a product file"
    ]


def test_aliases_cannot_grow_without_bound() -> None:
    levels = "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "a0: &a0 [x]\n" for n in range(9)
    )
    assert errors_of(levels) == ["product.yaml: holds more than 100000 values with its aliases"]


def test_nesting_without_end_is_refused() -> None:
    assert errors_of("a: " + "[" * 5000) == ["product.yaml: is nested too deeply"]


_SECRETS = st.text("abcdefghijklmnopqrstuvwxyz0123456789+/=-_!%&*@#, :{}[]'", min_size=12, max_size=40)
_SECRET_FIELDS = """\
product: {{name: Webshop, timezone: {zone}}}
teams: [{{key: online, name: Online}}]
sources:
  - {{key: a, type: jira, url: https://a.example, project: A, auth: {{email: x, token: {0}}}, team: online, webhook_secret: {0}}}
  - {{key: b, type: jira, url: https://b.example, project: B, auth: {{username: x, password: {0}, more: {0}}}, team: nobody}}
  - {{key: c, type: github, repository: acme/c, auth: {{app_id: 1, private_key: {0}, installation_id: {0}}}, team: online}}
  - {{key: d, type: github, repository: acme/d, auth: {{token: [{0}]}}, webhook_secret: {{x: {0}}}, poll: 5, team: online}}
  - {{key: e, type: github, repository: acme/e, auth: {0}, team: online, poll: {1}, epics: {1}, project: {1}}}
notify: [{{key: n, url: {0}, min_severity: {1}, mode: {1}, teams: [{1}], kinds: [{1}]}}]
escalation: [{{when: {{kind: [{1}]}}, decider: {1}, after: {1}}}]
rules: {{dependency-date: {1}, dependency-unplanned: {{horizon: {1}}}}}
"""  # noqa: E501 - a line per source


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_SECRETS.map(lambda text: "S3" + text), st.sampled_from(["UTC", "Nowhere/At/All"]))
def test_no_secret_is_ever_in_an_error(secret: str, zone: str) -> None:
    """Written in the file itself where a field is secret; from outside it may stand anywhere."""
    quoted = "'" + secret.replace("'", "''") + "'"
    text = _SECRET_FIELDS.format(quoted, '"${OUTSIDE}"', zone=zone)
    Path("product.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProductErrors) as caught:
        load_product(Path("product.yaml"), {"OUTSIDE": secret})
    assert len(caught.value.errors) > 10
    assert secret not in str(caught.value)
    assert secret not in repr(caught.value)


@settings(
    max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(_SECRETS.map(lambda text: "S3cretPart" + text), st.sampled_from(["auth: {token: %s}", "auth: %s"]))
def test_a_secret_without_quotes_does_not_leak_where_it_breaks_the_yaml(secret: str, where: str) -> None:
    text = RIGHT.replace("auth: {token: gh}", where % secret).replace("Europe/Amsterdam", "Nowhere")
    Path("product.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ProductErrors) as caught:
        load_product(Path("product.yaml"), ENVIRONMENT)
    assert "S3cretPart" not in str(caught.value)


@settings(
    max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.data())
def test_whatever_stands_anywhere_is_loaded_or_refused_in_words(data: st.DataObject) -> None:
    """Any value of the right file replaced by any other."""
    document = YAML(typ="safe", pure=True).load(RIGHT)
    place = document
    while isinstance(place, dict | list) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(_ANYTHING)
    with Path("product.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(document, file)
    for error in _errors_if_any():
        assert error.line is not None
        assert "Input should" not in error.message
        assert len(str(error).splitlines()) == 1


def _errors_if_any() -> tuple[ProductError, ...]:
    try:
        load_product(Path("product.yaml"), ENVIRONMENT)
    except ProductErrors as problem:
        return problem.errors
    return ()


_SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-1, 1) | st.sampled_from(["off", "x", ""])
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "team", "when", "token", "mode", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
