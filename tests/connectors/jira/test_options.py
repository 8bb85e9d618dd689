"""How options are checked."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.jira import Options


@pytest.mark.parametrize(
    "auth", [{"email": "a@example.com", "token": "t"}, {"token": "t"}, {"username": "ada", "password": "p"}]
)
def test_three_ways_to_sign_in(options: Callable[..., Options], auth: dict[str, str]) -> None:
    assert "'t'" not in repr(options(auth=auth))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "acme.atlassian.net"},
        {"url": "https://ada:pw@acme.example"},
        {"url": "https://acme.example/?x=1"},
        {"project": "ONL OR project = X"},
        {"auth": {"email": "a@example.com"}},
        {"auth": {}},
        {"colour": "red"},
    ],
)
def test_wrong_options_are_refused(options: Callable[..., Options], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        options(**wrong)
