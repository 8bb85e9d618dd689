"""schemathesis over the whole description, against the running server, as admin: whatever it sends, the
server does not fail and answers as described (faults.md, 70)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.cli.commands.openapi_command import describe
from tests.support import shop
from tests.support.examples import examples
from tests.support.running import running

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = "/v1/events/stream"
KNOWN = {
    "item_id": ["online-jira:2", "back-jira:4"],
    "source": ["online-jira", "stores-gh"],
    "key": ["online-jira", "stores-gh"],
    "team": ["online"],
}
"""Places that are there: at random nothing would be found."""


def _without_tokens(described: Any) -> Any:
    """Every request is an admin's: that one without a token is refused is told elsewhere."""
    for methods in described["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return described


SCHEMA = schemathesis.openapi.from_dict(_without_tokens(describe()))
OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok))
    if operation.path != ENDLESS
}
MODES = [(label, GenerationMode.POSITIVE) for label in OPERATIONS] + [
    (label, GenerationMode.NEGATIVE) for label, one in OPERATIONS.items() if one.query or one.body
]
"""In the second one something of what is sent is wrong, where anything can be."""


@pytest.fixture(scope="module")
def base_url(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(shop.copy(filled, tmp_path_factory.mktemp("described"))) as found:
        yield found


@pytest.mark.parametrize(("label", "mode"), MODES)
def test_answers_are_as_described(label: str, mode: GenerationMode, base_url: str) -> None:
    operation = OPERATIONS[label]
    checks = CHECKS if mode is GenerationMode.POSITIVE else [*CHECKS, negative_data_rejection]
    headers = {"authorization": f"Bearer {shop.ADMIN}"}

    @settings(
        max_examples=examples(15),
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.integers(0, 3))
    def ask(case: Any, known: int) -> None:
        for name in case.path_parameters or {}:
            if mode is GenerationMode.POSITIVE and known < len(KNOWN.get(name, ())):
                case.path_parameters[name] = KNOWN[name][known]
        answer = case.call(base_url=base_url, headers=headers, timeout=10)
        case.validate_response(answer, checks=checks)

    ask()
