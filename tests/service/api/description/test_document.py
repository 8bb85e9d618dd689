"""The API's description: valid, the file beside the code, and true of every answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import schemathesis
from jsonschema import Draft202012Validator, FormatChecker

from service.cli.commands.openapi_command import describe
from service.domain.notification.event import TYPES
from tests.support.asking import Api

FILE = Path(__file__).resolve().parents[4] / "openapi.json"
METHODS = ("get", "put", "post", "patch", "delete")


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    return describe()


def operations(described: dict[str, Any], part: str = "paths") -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described[part].items():
        for method in METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


async def test_the_file_is_what_is_served(api: Api) -> None:
    served = await api.ask("GET", "/openapi.json", None)
    assert orjson.loads(FILE.read_bytes()) == served.json(), "openapi.json has drifted: run `make openapi`"


def test_it_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(described).validate()
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in _references(described):
        place: Any = described
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(found := node.get("$ref"), str):
            yield found
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from _references(one)


OPERATION_IDS = [
    "acceptConflict",
    "acknowledgeConflict",
    "changeWebhook",
    "commentOnConflict",
    "createToken",
    "createWebhook",
    "declareDependency",
    "deleteWebhook",
    "getBacklogTree",
    "getConflict",
    "getDefinitionsOfDone",
    "getDependency",
    "getDependencyMatrix",
    "getFigures",
    "getItem",
    "getItemDependencies",
    "getItemHistory",
    "getOrder",
    "getSync",
    "getTeam",
    "getWebhook",
    "isAlive",
    "isReady",
    "listBacklog",
    "listConflicts",
    "listDeliveries",
    "listDependencies",
    "listEvents",
    "listGoals",
    "listRules",
    "listSources",
    "listTeams",
    "listTokens",
    "listWebhooks",
    "putOrder",
    "receiveGithub",
    "receiveJira",
    "reopenConflict",
    "replayWebhook",
    "revokeToken",
    "rotateWebhookSecret",
    "streamEvents",
    "syncSource",
    "takeBackDependency",
    "testWebhook",
]
"""Clients are generated from these: one may be added, none may go or change."""


def test_operation_ids_are_stable_and_each_is_one_operations(described: dict[str, Any]) -> None:
    found = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(found) == len(set(found))
    assert set(OPERATION_IDS) <= set(found)


def test_every_operation_says_what_it_does_and_how_it_is_let_in(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        assert operation["summary"], path
        assert operation["tags"], path
        is_open = path in ("/healthz", "/readyz", "/metrics") or path.startswith("/v1/inbound/")
        assert operation["security"] == ([] if is_open else [{"token": []}]), path
        assert ("401" in operation["responses"]) == (not is_open or "inbound" in path), path
        assert ("304" in operation["responses"]) == (method == "GET" and not is_open), path


def test_bodies_and_places_have_examples(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    for _, path, operation in operations(described):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                assert parameter["schema"].get("examples"), (path, parameter["name"])
        body = operation.get("requestBody")
        if body:
            schema = body["content"]["application/json"]["schema"]
            name = next(_references(schema)).rpartition("/")[2]
            assert schemas[name].get("examples"), name


def test_examples_are_what_they_are_examples_of(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    shown = {name: schema["examples"] for name, schema in schemas.items() if "examples" in schema}
    assert {"Item", "Conflict", "Dependency", "Source", "Webhook", "Event", "DefinitionsOfDone"} <= set(shown)
    for name, examples in shown.items():
        for example in examples:
            check(described, {"$ref": f"#/components/schemas/{name}"}, example)


def test_all_that_is_sent_out_is_described(described: dict[str, Any]) -> None:
    assert set(described["webhooks"]) == set(TYPES)
    ids = [operation["operationId"] for _, _, operation in operations(described, "webhooks")]
    assert len(set(ids)) == len(TYPES)


def check(described: dict[str, Any], schema: dict[str, Any], answer: Any) -> None:
    """Against the schema, with nothing that it does not name."""
    whole = {**schema, "components": _strict(described["components"])}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(answer)


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: _strict(value) for key, value in node.items()}
    if "properties" in node and node.get("type") == "object" and "additionalProperties" not in node:
        found["unevaluatedProperties"] = False
    return found


READS = [
    "/v1/backlog?state=any", "/v1/backlog/tree?state=any", "/v1/backlog/order", "/v1/items/online-jira:2",
    "/v1/items/online-jira:3", "/v1/items/stores-gh:2/dependencies", "/v1/items/back-jira:2/history",
    "/v1/dependencies", "/v1/dependencies/matrix", "/v1/conflicts", "/v1/dod", "/v1/teams",
    "/v1/teams/online", "/v1/goals", "/v1/rules", "/v1/sources", "/v1/events", "/v1/webhooks", "/v1/tokens",
    "/healthz", "/readyz",
]  # fmt: skip


UNREAD = {
    *("getFigures", "streamEvents"),  # no JSON, or without an end
    "getConflict",  # asked for each, below
    *(
        "getAgreement",
        "getDependency",
        "getSync",
        "getWebhook",
        "listDeliveries",
    ),  # of what has to be made first
}
"""Operations that read, and stand for a reason in no line of READS."""


def test_every_operation_that_reads_is_tried(described: dict[str, Any]) -> None:
    tried = {_operation(described, read.partition("?")[0])["operationId"] for read in READS}
    reading = {operation["operationId"] for method, _, operation in operations(described) if method == "GET"}
    assert reading - tried == UNREAD


async def test_answers_hold_what_is_described_and_nothing_else(api: Api, described: dict[str, Any]) -> None:
    await api.ask("POST", "/v1/webhooks", json={"url": "http://127.0.0.1:9/"})
    reads = [*READS, *(f"/v1/conflicts/{one}" for one in await api.ids("/v1/conflicts"))]
    for read in reads:
        answer = await api.ask("GET", read)
        assert answer.status_code == 200, read
        responses = _operation(described, read.partition("?")[0])["responses"]
        check(described, responses["200"]["content"]["application/json"]["schema"], answer.json())


def _operation(described: dict[str, Any], path: str) -> Any:
    parts = path.split("/")
    for template, methods in described["paths"].items():
        names = template.split("/")
        if len(names) == len(parts) and all(
            name == part or name.startswith("{") for name, part in zip(names, parts, strict=True)
        ):
            return methods["get"]
    raise AssertionError(path)
