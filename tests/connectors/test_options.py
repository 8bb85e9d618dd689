"""What the product file says of any source, and of Jira's and GitHub's."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.duration import parse_duration
from connectors.github.options import AppAuth
from connectors.jira.options import Options

PEM = "-----BEGIN PRIVATE KEY-----\nabc\ndef\n-----END PRIVATE KEY-----\n"
JIRA: dict[str, Any] = {
    "key": "onl", "type": "jira", "url": "https://acme.atlassian.net", "project": "ONL",
    "auth": {"token": "t"}, "team": "online",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "shortest", "too_short"),
    [("poll", "30s", "29s"), ("sweep", "5m", "299s"), ("full_scan", "1h", "59m")],
)
def test_what_is_asked_again_and_again_has_a_floor(field: str, shortest: str, too_short: str) -> None:
    assert getattr(Options(**{**JIRA, field: shortest}), field) == parse_duration(shortest)
    for duration in (too_short, "0s", timedelta(0)):
        with pytest.raises(ValidationError, match=f"expected at least {shortest}"):
            Options(**{**JIRA, field: duration})


@pytest.mark.parametrize(
    "written",
    [
        PEM,
        PEM.strip(),
        PEM.replace("\n", "\\n"),
        PEM.replace("\n", "\\r\\n"),
        f'"{PEM.strip()}"'.replace("\n", "\\n"),
    ],
)
def test_a_private_key_may_spell_its_line_breaks_out(written: str) -> None:
    auth = AppAuth.model_validate({"app_id": 1, "installation_id": 2, "private_key": written})
    assert auth.private_key.get_secret_value() == PEM


@pytest.mark.parametrize(
    "jql",
    [
        "issuetype != Sub-task",
        'labels = "a;b(c"',
        r"""summary ~ 'it\'s "here"' AND (labels in (a, b) OR priority = High)""",
        r'summary ~ "a \"quoted\" word"',
        "project = ONL ORDER BY rank",
        "",
    ],
)
def test_a_sound_filter_is_kept_as_it_is(jql: str) -> None:
    assert Options(**{**JIRA, "filter": jql}).filter == jql


@pytest.mark.parametrize(
    ("jql", "said"),
    [
        ('summary ~ "open', "a quote that is not closed"),
        ("summary ~ 'open", "a quote that is not closed"),
        (r'summary ~ "open\"', "a quote that is not closed"),
        ("labels = don't", "a quote that is not closed"),
        ("labels = a;", "holds a ; outside quotes"),
        ('labels = "a"; labels = b', "holds a ; outside quotes"),
        ("(labels = a", "brackets that do not match"),
        ("labels = a)", "brackets that do not match"),
        ("labels = a) OR (labels = b", "brackets that do not match"),
    ],
)
def test_a_filter_that_every_jira_refuses_is_refused_at_once(jql: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Options(**{**JIRA, "filter": jql})
