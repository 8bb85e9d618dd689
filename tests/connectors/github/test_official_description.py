"""Our queries and the simulator's answers against GitHub's official descriptions."""

import csv
import json
import sys
from datetime import date

import httpx
import jsonschema
import pytest
from graphql import build_schema, is_input_object_type, is_union_type, parse, validate

from connectors.github import queries, rest
from connectors.github.parse import parse_all, reading
from connectors.github.simulator import GitHubHost, issue, milestone
from connectors.github.simulator.sdl import schema

EVERYTHING = [*queries._WHERE_KNOWN, "projectItems", "issueTypes", "issueTemplates"]
FIELDS = queries.issue_fields(EVERYTHING, project=True)


@pytest.fixture(scope="session")
def official(shared):
    return build_schema((shared / "specs/github/schema-2026-06-26.graphql").read_text(), assume_valid=True)


@pytest.fixture(scope="session")
def openapi(shared):
    text = (shared / "specs/github/api.github.com.openapi.json").read_bytes()
    return json.loads(text, object_hook=_nullable)


def _nullable(schema):
    """OpenAPI 3.0 says ``nullable`` where JSON Schema says null."""
    if schema.get("nullable") is not True:
        return schema
    return {"anyOf": [{"type": "null"}, {key: one for key, one in schema.items() if key != "nullable"}]}


@pytest.mark.parametrize(
    "query",
    [
        queries.ABOUT_SCHEMA,
        queries.MILESTONES,
        queries.PROJECT,
        queries.ORDER,
        queries.page(FIELDS),
        queries.by_number(FIELDS, [1, 2]),
        queries.about_repository(EVERYTHING, EVERYTHING),
    ],
)
def test_every_query_is_valid_at_github(official, query):
    assert validate(official, parse(query)) == []


def _shape(kind):
    """Fields with their types and arguments, as text."""
    if is_input_object_type(kind):
        return {name: str(one.type) for name, one in kind.fields.items()}
    return {
        name: (str(one.type), {key: str(arg.type) for key, arg in one.args.items()})
        for name, one in getattr(kind, "fields", {}).items()
    }


def test_the_simulator_serves_nothing_github_does_not_have(official):
    for name, kind in schema(None).type_map.items():
        if name.startswith("__"):
            continue
        theirs = official.type_map[name]
        assert type(theirs) is type(kind), name
        if is_union_type(kind):
            assert {one.name for one in kind.types} <= {one.name for one in theirs.types}, name
        shapes = _shape(theirs)
        for field, shown in _shape(kind).items():
            their = shapes[field]
            if isinstance(shown, tuple):
                assert shown[0] == their[0], f"{name}.{field}"
                assert shown[1].items() <= their[1].items(), f"{name}.{field}"
            else:
                assert shown == their, f"{name}.{field}"


@pytest.mark.parametrize(
    ("described", "path", "method"),
    [
        ("/user", "/user", "get"),
        ("/repos/{owner}/{repo}/issues", "/repos/acme/stores/issues?state=all", "get"),
        ("/repos/{owner}/{repo}/issues/{issue_number}", "/repos/acme/stores/issues/1", "get"),
        ("/repos/{owner}/{repo}/milestones", "/repos/acme/stores/milestones", "get"),
        ("/repos/{owner}/{repo}", "/repos/acme/stores", "get"),
        (
            "/app/installations/{installation_id}/access_tokens",
            "/app/installations/1/access_tokens",
            "post",
        ),
    ],
)
def test_rest_answers_are_as_described(openapi, serve, described, path, method):
    spring = milestone(3, "Spring", due_on="2026-03-01T08:00:00Z")
    one = issue(1, "Till", labels=["bug"], assignees=["ada"], milestone=spring, type="Bug")
    host = GitHubHost({"acme/stores": [one, issue(2, "Stock", blocked_by=[("acme/stores", 1)])]})
    with serve(host) as url:
        answer = httpx.request(method, url + path)
    responses = openapi["paths"][described][method]["responses"]
    expected = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**expected, "components": openapi["components"]}).validate(answer.json())


def test_recorded_issues_are_read_without_a_rejection(shared, options, setting):
    csv.field_size_limit(sys.maxsize)
    with (shared / "data/github/_raw_github_api_issues.csv").open(newline="") as file:
        found = [json.loads(row["data"]) for row in csv.DictReader(file)]
    issues = [one for one in found if not rest.is_pull_request(one)]
    how = reading(options(), setting, date(2026, 1, 1), "label")
    items, rejected = parse_all([rest.to_node(one) for one in issues], how)
    assert rejected == []
    assert len(items) == len(issues) > 0
