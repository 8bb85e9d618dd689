"""What an answer that is no success means: the status first, whatever the body is."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.contract import SourceError
from connectors.jira.http.answers import failure, limit
from connectors.jira.simulator import Fault, Flavour
from connectors.transport import Retry
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)
URL = "https://jira.example/tracker/rest/api/2/serverInfo?x=1"
PAGE = b"<!DOCTYPE html><html><title>Service unavailable</title></html>"
JSON = b'{"errorMessages":["Not now."],"errors":{}}'
ODD_BODIES = [
    PAGE,
    JSON,
    b"",
    b"5",
    b"null",
    b'{"errorMessages":7,"errors":[1]}',
    b"\xff\xfe",
    b"{",
    b'"message"',
]
NOW = datetime(2026, 3, 1, 10, 20, tzinfo=UTC)
IN_A_MINUTE = format_datetime(NOW + timedelta(minutes=1), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": IN_A_MINUTE}, 60.0),
        ({"X-RateLimit-Reset": "2026-03-01T10:21Z"}, 60.0),
        ({"X-RateLimit-Reset": "2026-03-01T10:21:00.000+00:00"}, 60.0),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 60)}, 60.0),
        ({"X-RateLimit-Reset": "2020-01-01T00:00Z"}, 0.0),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "9" * 400}, None),
        ({"RateLimit-Reason": "jira-burst-based"}, None),
        ({}, None),
    ],
)
def test_a_burst_is_waited_out(headers: dict[str, str], wait: float | None) -> None:
    found = limit("acme.atlassian.net", headers, NOW)
    assert isinstance(found, Retry)
    assert (found.reason, found.after) == ("limited", wait)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [({"Retry-After": "900"}, 900.0), ({"X-RateLimit-Reset": "2026-03-01T11:00Z"}, 2400.0), ({}, 2400.0)],
)
def test_a_used_up_quota_is_told_with_when_to_come_back(headers: dict[str, str], wait: float) -> None:
    found = limit("acme.atlassian.net", {**headers, "RateLimit-Reason": "jira-quota-tenant-based"}, NOW)
    assert isinstance(found, SourceError)
    assert (found.reason, found.retry_after) == ("limited", wait)


@pytest.mark.parametrize("body", ODD_BODIES)
@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (408, Retry, "unreachable"), (500, Retry, "unreachable"), (502, Retry, "unreachable"),
        (503, Retry, "unreachable"), (504, Retry, "unreachable"), (520, Retry, "unreachable"),
        (429, Retry, "limited"), (401, SourceError, "authentication"), (403, SourceError, "authentication"),
        (404, SourceError, "not-found"), (400, SourceError, "mapping"), (413, SourceError, "answer"),
    ],
)  # fmt: skip
def test_the_status_decides_and_not_the_body(
    status: int, kind: type[Retry] | type[SourceError], reason: str, body: bytes
) -> None:
    error = failure(URL, status, {}, body)
    assert isinstance(error, kind)
    assert error.reason == reason
    assert "<" not in str(error)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (404, PAGE, "There is nothing at https://jira.example/tracker/rest/api/2/serverInfo (404)."),
        (404, JSON, "There is nothing at https://jira.example/tracker/rest/api/2/serverInfo (404): Not now."),
        (401, PAGE, "Authentication failed: jira.example answers 401 Unauthorized and does not accept the"
                    " credential under auth."),
        (403, PAGE, "Authentication failed: jira.example answers 403 Forbidden to the credential under"
                    " auth."),
        (503, PAGE, "jira.example answers 503 Service Unavailable."),
        (400, JSON, "jira.example does not understand the query: Not now."),
        (400, PAGE, "jira.example does not understand the query."),
    ],
)  # fmt: skip
def test_an_error_says_what_to_look_at(status: int, body: bytes, message: str) -> None:
    assert str(failure(URL, status, {}, body)) == message


@pytest.mark.parametrize(("host", "is_told"), [("acme.atlassian.net", True), ("jira.example", False)])
def test_who_is_refused_on_a_cloud_site_hears_of_scoped_tokens(host: str, is_told: bool) -> None:
    assert ("api.atlassian.com" in str(failure(f"https://{host}/rest", 401, {}, b""))) is is_told


@both
@pytest.mark.parametrize("path", ["/serverInfo", "/search"])
@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_proxys_web_page_under_a_passing_status_is_tried_again(
    reading: Reading, flavour: Flavour, status: int, path: str
) -> None:
    site = site_of(flavour)
    site.faults.extend([Fault("html", status, path=path, retry_after="0")] * 2)
    async with reading(site, remote_links="never") as connector:
        assert len(keys(await everything(connector))) == 3


@both
@pytest.mark.parametrize(
    ("fault", "reason", "message"),
    [
        (Fault("html", 503, lasts=True), "unreachable", "503 Service Unavailable"),
        (Fault("html", 429, lasts=True), "limited", "429 Too Many Requests"),
        (Fault("status", 503, body=b"5", lasts=True), "unreachable", "503 Service Unavailable"),
        (Fault("html", 404), "not-found", r"nothing at http://127\.0\.0\.1:\d+/rest/api/2/serverInfo"),
        (Fault("html", 401), "authentication", "credential"),
        (Fault("html", 403), "authentication", "credential"),
        (Fault("html", 200), "authentication", "probably its login"),
        (Fault("redirect", location="/login.jsp"), "not-found", "/login.jsp"),
    ],
)
async def test_a_web_page_is_a_login_only_with_status_200(
    reading: Reading, flavour: Flavour, fault: Fault, reason: str, message: str
) -> None:
    site = site_of(flavour)
    site.faults.append(fault)
    async with reading(site) as connector:
        with pytest.raises(SourceError, match=message) as raised:
            await connector.probe()
    assert raised.value.reason == reason


@both
async def test_a_redirect_to_a_login_page_is_a_login(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    site.faults.append(Fault("redirect", location="/login.jsp"))
    site.faults.append(Fault("html", path="/login.jsp"))
    async with reading(site) as connector:
        with pytest.raises(SourceError, match="probably its login"):
            await connector.probe()


@both
@pytest.mark.parametrize(
    "page", [b"\xef\xbb\xbf<html></html>", b"\n  <!doctype html>", b"<?xml version='1.0'?><html/>"]
)
async def test_a_login_page_is_known_however_it_begins(
    reading: Reading, flavour: Flavour, page: bytes
) -> None:
    site = site_of(flavour)
    site.faults.append(Fault("answer", body=page))
    async with reading(site) as connector:
        with pytest.raises(SourceError, match="probably its login"):
            await connector.probe()
