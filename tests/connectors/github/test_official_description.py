"""Our queries and the simulator's answers against GitHub's official descriptions."""

import csv
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import jsonschema
import pytest
from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_input_object_type,
    parse,
    validate,
)

from connectors.contract import Setting
from connectors.github.client import GitHub
from connectors.github.parse.context import parse_context
from connectors.github.parse.issue import parse_all
from connectors.github.queries import documents, selection
from connectors.github.queries.timeline import EVENTS
from connectors.github.rest import nodes as rest
from connectors.github.simulator import GitHubHost, issue, milestone, project, project_values
from connectors.github.simulator.graphql.sdl import schema
from tests.connectors.github.hosts import MakeOptions, Opened, Serve

ISSUE_FIELDS = [*(part.field for part in (*selection.WHERE_KNOWN, selection.PROJECT)), "timelineItems"]
EVERYTHING = [*ISSUE_FIELDS, "issueTypes", "issueTemplates", "issueFields"]
PARTS = selection.parts_of_plan(EVERYTHING, project=True)
HISTORY = selection.history(EVERYTHING, EVENTS)
FIELDS = selection.issue_fields(PARTS)
FIELDS_AND_HISTORY = selection.issue_fields((*PARTS, *HISTORY))


@pytest.fixture(scope="session")
def official(shared: Path) -> GraphQLSchema:
    return build_schema((shared / "specs/github/schema-2026-06-26.graphql").read_text(), assume_valid=True)


@pytest.fixture(scope="session", params=["api.github.com", "ghes-3.19"])
def openapi(request: pytest.FixtureRequest, shared: Path) -> Any:
    text = (shared / f"specs/github/{request.param}.openapi.json").read_bytes()
    return json.loads(text, object_hook=_nullable)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """OpenAPI 3.0 says ``nullable`` where JSON Schema says null."""
    if schema.get("nullable") is not True:
        return schema
    return {"anyOf": [{"type": "null"}, {key: one for key, one in schema.items() if key != "nullable"}]}


@pytest.mark.parametrize(
    "query",
    [
        documents.ABOUT_SCHEMA,
        documents.MILESTONES,
        documents.PROJECT,
        documents.ORDER,
        documents.MILESTONE_ISSUES,
        documents.IDENTITIES,
        documents.page(FIELDS),
        documents.first_page(FIELDS_AND_HISTORY),
        documents.project_page(FIELDS),
        documents.issues_by_number(FIELDS_AND_HISTORY, [[1, 2], [3]]),
        documents.issues_by_id(FIELDS_AND_HISTORY),
        documents.news(2),
        documents.news_and_order(2),
        documents.look_up([[("i", 1), ("m", 3)], [("i", 2)]], has_discussions=True),
        documents.CHANGED_MILESTONES,
        documents.RECENT_ISSUES,
        documents.NAMES,
        documents.PROJECT_NAMES,
        *(documents.connection(name) for name in selection.CONNECTIONS),
        documents.project_values(),
        *(documents.list_of_repository(name) for name in documents.LISTS),
        documents.about_repository(EVERYTHING, EVERYTHING),
    ],
)
def test_every_query_is_valid_at_github(official: GraphQLSchema, query: str) -> None:
    assert validate(official, parse(query)) == []


def _shape(kind: GraphQLNamedType) -> dict[str, Any]:
    """Fields with their types and arguments, as text."""
    if is_input_object_type(kind):
        return {name: str(one.type) for name, one in kind.fields.items()}
    return {
        name: (str(one.type), {key: str(arg.type) for key, arg in one.args.items()})
        for name, one in getattr(kind, "fields", {}).items()
    }


def test_the_simulator_serves_nothing_github_does_not_have(official: GraphQLSchema) -> None:
    for name, kind in schema(None).type_map.items():
        if name.startswith("__"):
            continue
        theirs = official.type_map[name]
        assert type(theirs) is type(kind), name
        if isinstance(kind, GraphQLUnionType) and isinstance(theirs, GraphQLUnionType):
            assert {one.name for one in kind.types} <= {one.name for one in theirs.types}, name
        shapes = _shape(theirs)
        for field, shown in _shape(kind).items():
            their = shapes[field]
            if isinstance(shown, tuple):
                assert shown[0] == their[0], f"{name}.{field}"
                assert shown[1].items() <= their[1].items(), f"{name}.{field}"
            else:
                assert shown == their, f"{name}.{field}"


STORES = "/repos/acme/stores"
DESCRIBED = {
    "/user": "/user",
    "/repos/{owner}/{repo}": STORES,
    "/repos/{owner}/{repo}/issues": f"{STORES}/issues?state=all",
    "/repos/{owner}/{repo}/issues/{issue_number}": f"{STORES}/issues/1",
    "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by": (
        f"{STORES}/issues/2/dependencies/blocked_by"
    ),
    "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocking": (
        f"{STORES}/issues/1/dependencies/blocking"
    ),
    "/repos/{owner}/{repo}/milestones": f"{STORES}/milestones",
    "/repos/{owner}/{repo}/milestones/{milestone_number}": f"{STORES}/milestones/3",
    "/app/installations/{installation_id}/access_tokens": "/app/installations/1/access_tokens",
}
SPRING = milestone(3, "Spring", due_on="2026-03-01T08:00:00Z")


def rest_host(**more: Any) -> GitHubHost:
    one = issue(1, "Till", labels=["bug"], assignees=["ada"], milestone=SPRING, type="Bug")
    two = issue(2, "Stock", blocked_by=[("acme/stores", 1)], parent=("acme/stores", 1))
    return GitHubHost(
        {"acme/stores": [one, two, issue(3, "Gone"), issue(4, "Moved")], "acme/web": []}, **more
    )


@pytest.mark.parametrize("described", DESCRIBED)
@pytest.mark.parametrize("version", [None, "3.17", "3.19"])
def test_rest_answers_are_as_described(
    openapi: dict[str, Any], serve: Serve, described: str, version: str | None
) -> None:
    method = "post" if "access_tokens" in described else "get"
    with serve(rest_host(enterprise_version=version)) as url:
        answer = httpx.request(method, url + DESCRIBED[described])
    conforms(openapi, described, method, answer)


@pytest.mark.parametrize(("number", "status"), [(3, 410), (4, 301), (99, 404)])
def test_issues_that_are_no_longer_there_are_answered_as_described(
    openapi: dict[str, Any], serve: Serve, number: int, status: int
) -> None:
    host = rest_host()
    host.delete("acme/stores", 3)
    host.transfer("acme/stores", 4, "acme/web", 1)
    with serve(host) as url:
        answer = httpx.get(f"{url}{STORES}/issues/{number}")
    assert answer.status_code == status
    conforms(openapi, "/repos/{owner}/{repo}/issues/{issue_number}", "get", answer)


def conforms(openapi: dict[str, Any], described: str, method: str, answer: httpx.Response) -> None:
    found = openapi["paths"][described][method]["responses"][str(answer.status_code)]
    if "$ref" in found:
        found = openapi["components"]["responses"][found["$ref"].rpartition("/")[2]]
    expected = found["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**expected, "components": openapi["components"]}).validate(answer.json())


async def everything(connector: GitHub) -> None:
    """Every kind of request the connector makes."""
    site = (await connector.probe()).site
    pages = [page async for page in connector.pages(None)]
    _ = [page async for page in connector.pages(pages[-1].checkpoint)]
    _ = [page async for page in connector.identities()]
    first = pages[0].items[0].identity.rpartition("/")[2]
    await connector.look_up([f"github://{site}/acme/stores{end}" for end in ("#1", "#77", "/milestone/3")])
    await connector.read(["1", "2", "milestone-3", f"id/{first}", "acme/stores#1", "acme/web#1"])


SEVERAL = {"repository": None, "repositories": ["acme/stores", "acme/web"]}
ALONE = {"repository": None, "project": "acme/12"}


@pytest.mark.parametrize(
    "more",
    [{}, {"project": "acme/12"}, {"epics": "milestone"}, SEVERAL, {**SEVERAL, "epics": "milestone"}, ALONE],
)
@pytest.mark.parametrize("version", [None, "3.17", "3.19"])
async def test_every_question_the_connector_asked_is_valid_at_github(
    official: GraphQLSchema, opened: Opened, more: dict[str, Any], version: str | None
) -> None:
    planned = project_values(due="2026-03-01", order=1)
    long = issue(1, "Till", labels=[f"l{n}" for n in range(50)], milestone=SPRING, project=planned)
    host = GitHubHost(
        {"acme/stores": [long, issue(2, "Stock")], "acme/web": [issue(1, "Web", project=planned)]},
        {"acme/12": project("Plan", ["acme/stores", "acme/web"])},
        token="t",
        enterprise_version=version,
    )
    await opened(host, everything, **more)
    assert len(host.queries) >= 5
    for query in host.queries:
        assert validate(official, parse(query)) == [], query
        assert validate(schema(version), parse(query)) == [], query


@pytest.mark.parametrize("more", [{"epics": "milestone"}, {**SEVERAL}])
async def test_every_rest_request_is_described(
    openapi: dict[str, Any], opened: Opened, more: dict[str, Any]
) -> None:
    host = rest_host(token="t", graphql=False)
    host.transfer("acme/stores", 4, "acme/web", 1)
    await opened(host, everything, **more)
    asked = [(method, path) for method, path in host.requests if not path.endswith("/graphql")]
    assert len({path.partition("?")[0] for _, path in asked}) >= 7 - len(more)
    for method, path in asked:
        bare, _, query = path.removeprefix("/api/v3").partition("?")
        described = next(one for one in DESCRIBED if _pattern(one).fullmatch(bare))
        operation = openapi["paths"][described][method.lower()]
        given = [_parameter(openapi, one) for one in operation["parameters"]]
        schemas = {one["name"]: one["schema"] for one in given if one["in"] == "query"}
        for name, value in parse_qsl(query):
            shown = int(value) if schemas[name]["type"] == "integer" else value
            jsonschema.Draft202012Validator(schemas[name]).validate(shown)


def _pattern(described: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(described)))


def _parameter(openapi: dict[str, Any], one: dict[str, Any]) -> Any:
    return openapi["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one


def test_recorded_issues_are_read_without_a_rejection(
    shared: Path, options: MakeOptions, setting: Setting
) -> None:
    csv.field_size_limit(sys.maxsize)
    with (shared / "data/github/_raw_github_api_issues.csv").open(newline="") as file:
        found = [json.loads(row["data"]) for row in csv.DictReader(file)]
    issues = [one for one in found if not rest.is_pull_request(one)]
    how = parse_context(options(), setting, date(2026, 1, 1))
    items, rejected = parse_all([rest.to_node(one) for one in issues], how, "acme/web, page 1")
    assert rejected == []
    assert len(items) == len(issues) > 0
