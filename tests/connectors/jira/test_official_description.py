"""What the simulator answers, and what we ask, against Atlassian's official descriptions.

The descriptions err in four places, mended here: a link needs one of its ends, not both; the
values of Data Center's issue fields are anything, not objects; where Data Center lists fields,
statuses or remote links its description shows one of them; and Cloud's project with projectKeys
expanded, which its own text names, has them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jsonschema
import orjson
import pytest

from connectors.jira.simulator import JiraSite, Sprint, application, issue, link, remote_link, version

PREFIX = {"cloud": "/rest/api/3", "datacenter": "/api/2"}
FILES = {
    "cloud": "jira-cloud-platform-v3.openapi.json",
    "datacenter": "jira-software-dc-10.3.openapi.json",
}
CLOUD = [
    ("GET", "/serverInfo", "/serverInfo", None),
    ("GET", "/myself", "/myself", None),
    ("GET", "/field", "/field", None),
    ("GET", "/status", "/status", None),
    ("GET", "/project/{projectIdOrKey}", "/project/ONL", None),
    ("GET", "/project/{projectIdOrKey}", "/project/ONL?expand=projectKeys", None),
    ("GET", "/search/jql", "/search/jql?jql=project%3DONL&fields=*all&maxResults=2", None),
    ("POST", "/search/jql", "/search/jql", {"jql": "project = ONL", "fields": ["*all"], "maxResults": 2}),
    ("POST", "/search/approximate-count", "/search/approximate-count", {"jql": "project = ONL"}),
    ("GET", "/issue/{issueIdOrKey}", "/issue/ONL-1", None),
    ("GET", "/issue/{issueIdOrKey}/remotelink", "/issue/ONL-1/remotelink", None),
    ("POST", "/issue/bulkfetch", "/issue/bulkfetch", {"issueIdsOrKeys": ["ONL-1", "ONL-9"]}),
    ("POST", "/changelog/bulkfetch", "/changelog/bulkfetch", {"issueIdsOrKeys": ["ONL-1"], "maxResults": 1}),
]  # fmt: skip
DATA_CENTER = [
    ("GET", "/serverInfo", "/serverInfo", None),
    ("GET", "/myself", "/myself", None),
    ("GET", "/field", "/field", None),
    ("GET", "/status", "/status", None),
    ("GET", "/project/{projectIdOrKey}", "/project/ONL", None),
    ("GET", "/project/{projectIdOrKey}", "/project/ONL?expand=projectKeys", None),
    ("GET", "/search", "/search?jql=project%3DONL&fields=*all&maxResults=2", None),
    ("GET", "/search", "/search?jql=project%3DONL&expand=changelog", None),
    ("POST", "/search", "/search", {"jql": "project = ONL", "fields": ["*all"], "maxResults": 2}),
    ("GET", "/issue/{issueIdOrKey}", "/issue/ONL-1", None),
    ("GET", "/issue/{issueIdOrKey}", "/issue/ONL-1?expand=changelog", None),
    ("GET", "/issue/{issueIdOrKey}/remotelink", "/issue/ONL-1/remotelink", None),
]
CALLS = [("cloud", *call) for call in CLOUD] + [("datacenter", *call) for call in DATA_CENTER]


@pytest.fixture(scope="session")
def descriptions(shared: Path) -> dict[str, Any]:
    found = {
        flavour: orjson.loads((shared / "specs/jira" / name).read_bytes()) for flavour, name in FILES.items()
    }
    found["cloud"]["components"]["schemas"]["IssueLink"]["required"] = ["type"]
    found["cloud"]["components"]["schemas"]["Project"]["properties"]["projectKeys"] = {
        "type": "array",
        "items": {"type": "string"},
    }
    found["datacenter"]["components"]["schemas"]["IssueBean"]["properties"]["fields"] = {"type": "object"}
    return found


def a_site(flavour: str) -> JiraSite:
    full = issue(
        "ONL-1",
        "Search",
        flavour,  # type: ignore[arg-type]  # a parameter of the test
        links=[link("Blocks", outward="ONL-2")],
        sprint=Sprint(1, "Sprint 1", "active", "2026-03-02T08:00:00.000Z", "2026-03-13T16:00:00.000Z"),
        versions=[version("2.0", "2026-06-01")],
        assignee="Ada Lovelace",
        components=["Search"],
        parent="ONL-3",
        status="Done",
        dod="* [x] Reviewed",
        dod_options=["Tested"],
        due="2026-03-01",
        points=3,
    )
    others = [
        issue("ONL-2", "Second", flavour),  # type: ignore[arg-type]  # as above
        issue("ONL-3", "An epic", flavour, type="Epic"),  # type: ignore[arg-type]  # as above
        issue("ONL-4", "Closed", flavour, status="Done", more={"resolutiondate": None}),  # type: ignore[arg-type]  # as above
    ]
    links = {"ONL-1": [remote_link("https://github.com/acme/stores/issues/1", "is blocked by")]}
    site = JiraSite(flavour, {"ONL": "Online"}, [full, *others], remote_links=links)  # type: ignore[arg-type]  # as above
    first = site.find("ONL-1")
    assert first is not None
    for status in ("In Progress", "Done"):
        state = issue("ONL-1", "Search", flavour, status=status)["fields"]["status"]  # type: ignore[arg-type]  # as above
        site.put({**first, "fields": {**first["fields"], "status": state, "duedate": "2026-03-09"}})
    return site


async def ask(site: JiraSite, method: str, path: str, body: Any = None) -> httpx.Response:
    transport = httpx.ASGITransport(application(site))
    async with httpx.AsyncClient(transport=transport, base_url="http://jira.example") as client:
        return await client.request(method, f"/rest/api/2{path}", json=body)


def _problems(description: dict[str, Any], schema: dict[str, Any], answer: Any) -> Iterator[str]:
    whole = {**schema, "components": description["components"]}
    for error in jsonschema.Draft202012Validator(whole).iter_errors(answer):
        yield f"{error.json_path}: {error.message[:300]}"


@pytest.mark.parametrize(("flavour", "method", "template", "path", "body"), CALLS)
async def test_an_answer_is_as_atlassian_describes_it(
    descriptions: dict[str, Any], flavour: str, method: str, template: str, path: str, body: Any
) -> None:
    description = descriptions[flavour]
    operation = description["paths"][PREFIX[flavour] + template][method.lower()]
    answer = await ask(a_site(flavour), method, path, body)
    assert answer.status_code == 200
    assert _faults_of(description, operation, flavour, template, answer.json()) == []


@pytest.mark.parametrize(("flavour", "method", "template", "path", "body"), CALLS)
def test_what_is_asked_is_described(
    descriptions: dict[str, Any], flavour: str, method: str, template: str, path: str, body: Any
) -> None:
    operation = descriptions[flavour]["paths"][PREFIX[flavour] + template][method.lower()]
    assert _misfits(descriptions[flavour], operation, path.partition("?")[2], body) == []


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
async def test_every_request_of_a_reading_and_its_answer_are_described(
    descriptions: dict[str, Any], reading: Any, flavour: str
) -> None:
    description, site = descriptions[flavour], a_site(flavour)
    site.page_cap = 2
    moved = site.find("ONL-4")
    assert moved is not None
    site.put({**moved, "key": "ONL-40"})
    number = site.find("ONL-1")["id"]  # type: ignore[index]  # it is there
    too_long = "key != ONL-404 AND " * 120 + "key != ONL-405"
    twins = [{**one, "id": "customfield_99999"} for one in site.fields if one["name"] == "Story Points"]
    site.fields = [*site.fields, *twins]
    for more in ({}, {"filter": too_long}, {"filter": "key != ONL-404"}):
        async with reading(site, remote_links="always", **more) as connector:
            await connector.probe()
            checkpoints = [page.checkpoint async for page in connector.pages(None)]
            delta = {"updated": datetime(2026, 1, 5, tzinfo=UTC).timestamp()}
            assert [page async for page in connector.pages(checkpoints[-1])]
            assert [page async for page in connector.pages(delta)]
            assert (await connector.read([number, "99999", "sprint:1", "version:7"])).items
            assert [one async for one in connector.identities()]
            here = site.url.removeprefix("http://")
            names = await connector.look_up([f"jira://{here}/{key}" for key in ("ONL-1", "ONL-4", "ONL-9")])
            assert [one.state for one in names.values()] == ["item", "item", "absent"]
    posted, used = site.sent.copy(), set[str]()  # several may be under way at once
    for method, path, query in site.requests.copy():
        template = _template(path.removeprefix("/rest/api/2"))
        used.add(template)
        operation = description["paths"][PREFIX[flavour] + template][method.lower()]
        sent = next(one for one in posted if one[0] == path) if method == "POST" else None
        if sent:
            posted.remove(sent)
        body = orjson.loads(sent[1]) if sent else None
        assert _misfits(description, operation, query, body) == [], f"{method} {path}?{query}"
        answer = await ask(site, method, f"{path.removeprefix('/rest/api/2')}?{query}", body)
        if answer.status_code == 200:
            assert _faults_of(description, operation, flavour, template, answer.json()) == []
    calls = CLOUD if flavour == "cloud" else DATA_CENTER
    assert used == {template for _, template, _, _ in calls}


def _misfits(description: dict[str, Any], operation: dict[str, Any], query: str, body: Any) -> list[str]:
    """Of a request: parameters that are not described or of another type, a body of another shape."""
    known = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    found = []
    for name, values in parse_qs(query).items():
        kind = known.get(name, {}).get("type")
        if name not in known:
            found.append(f"unknown parameter {name}")
        elif kind == "integer" and not values[0].isdigit():
            found.append(f"{name} is no number")
        elif kind == "boolean" and values[0] not in ("true", "false"):
            found.append(f"{name} is neither true nor false")
    if body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        found += _problems(description, schema, body)
    return found


def _faults_of(
    description: dict[str, Any], operation: dict[str, Any], flavour: str, template: str, answer: Any
) -> list[str]:
    told = operation["responses"].get("200") or operation["responses"]["default"]
    schema = told["content"]["application/json"]["schema"]
    if flavour == "datacenter" and template.endswith(("/field", "/status", "/remotelink")):
        schema = {"type": "array", "items": schema}
    return list(_problems(description, schema, answer))


def _template(path: str) -> str:
    first, *rest = path.strip("/").split("/")
    if first == "project":
        return "/project/{projectIdOrKey}"
    if first == "issue" and rest[0] != "bulkfetch":
        return "/".join(["/issue/{issueIdOrKey}", *rest[1:]])
    return path


async def test_cloud_has_removed_the_old_search() -> None:
    answer = await ask(a_site("cloud"), "GET", "/search?jql=project%3DONL")
    assert answer.status_code == 410
    assert answer.json()["errorMessages"]


async def test_data_center_has_no_search_by_token() -> None:
    assert (await ask(a_site("datacenter"), "GET", "/search/jql?jql=project%3DONL")).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/issue/ONL-404", 404), ("/project/NOPE", 404), ("/search?jql=colour%3Dred", 400), ("/nothing", 404)],
)
async def test_errors_come_as_jiras_error_messages(path: str, status: int) -> None:
    answer = await ask(a_site("datacenter"), "GET", path)
    assert answer.status_code == status
    assert answer.json().keys() == {"errorMessages", "errors"}
