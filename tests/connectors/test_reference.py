import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reference import (
    WRITTEN,
    Reference,
    TextLocation,
    is_certain,
    is_pull_request,
    page_reference,
    parse,
    read_written,
    settle,
)

HELD = (
    "jira://acme.atlassian.net/ONL",
    "jira://intranet.example/jira/BO",
    "jira://acme.atlassian.net/TWICE",
    "jira://intranet.example/jira/TWICE",
    "github://github.com/acme/stores",
)
GITHUB = TextLocation("github.com", "github", "acme/web")
JIRA = TextLocation("acme.atlassian.net", "jira", None)

ONL_12 = "jira://acme.atlassian.net/ONL-12"
SERVER_ONL_12 = "jira://dc.example/ONL-12"
INTRANET_ONL_12 = "jira://dc.example/jira/ONL-12"
STORES_1 = "github://github.com/acme/stores#1"

CLOUD = "https://acme.atlassian.net"
SERVER = "https://dc.example"
INTRANET = "https://dc.example/jira"
HUB = "https://github.com"

PAGES = [
    (f"{CLOUD}/browse/ONL-12", ONL_12),
    (f"{CLOUD}/browse/onl-12/", ONL_12),
    (f"{CLOUD}/browse/ONL-12?focusedCommentId=10020&page=com.atlassian#comment-10020", ONL_12),
    (f"{CLOUD}/browse/ONL%2D12).", ONL_12),
    (f"{CLOUD}//browse//ONL-12", ONL_12),
    ("HTTPS://kim@ACME.atlassian.net:443/browse/ONL-12", ONL_12),
    (f"{CLOUD}/issues/ONL-12", ONL_12),
    (f"{CLOUD}/issues/ONL-12?jql=project%20%3D%20ONL", ONL_12),
    (f"{CLOUD}/jira/issues/ONL-12", ONL_12),
    (f"{CLOUD}/issues/?jql=project%3DONL&selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/projects/ONL/issues/ONL-12?filter=allopenissues", ONL_12),
    (f"{CLOUD}/jira/software/c/projects/ONL/issues/ONL-12", ONL_12),
    (f"{CLOUD}/jira/software/projects/ONL/boards/1?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/software/c/projects/ONL/boards/1/backlog?view=detail&selectedIssue=onl-12", ONL_12),
    (f"{CLOUD}/jira/software/c/projects/ONL/boards/1/timeline?selectedIssue=ONL%2D12&x=1", ONL_12),
    (f"{CLOUD}/jira/software/c/projects/ONL/list?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/core/projects/ONL/board?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/servicedesk/projects/ONL/queues/custom/1/ONL-12", ONL_12),
    (f"{CLOUD}/jira/servicedesk/projects/ONL/queues/issue/ONL-12", ONL_12),
    (f"{CLOUD}/jira/servicedesk/projects/ONL/service-requests/ONL-12", ONL_12),
    (f"{CLOUD}/servicedesk/customer/portal/3/ONL-12", ONL_12),
    (f"{CLOUD}/jira/polaris/projects/ONL/ideas/view/123?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/discovery/share/views/a-b?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/for-you?selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/jira/plans/1/scenarios/1/timeline?vid=2&selectedIssue=ONL-12", ONL_12),
    (f"{CLOUD}/secure/RapidBoard.jspa?rapidView=1&selectedIssue=ONL-12", ONL_12),
    (f"{SERVER}/browse/ONL-12", SERVER_ONL_12),
    ("http://dc.example:80/browse/ONL-12", SERVER_ONL_12),
    ("https://dc.example:8443/browse/ONL-12", "jira://dc.example:8443/ONL-12"),
    (f"{SERVER}/issues/ONL-12", SERVER_ONL_12),
    (f"{SERVER}/projects/ONL/queues/custom/1/ONL-12", SERVER_ONL_12),
    (f"{SERVER}/servicedesk/agent/ONL/queue/1/ONL-12", SERVER_ONL_12),
    (f"{SERVER}/plugins/servlet/desk/portal/3/ONL-12", SERVER_ONL_12),
    ("http://127.0.0.1:8101/jira/software/c/projects/ONL/boards/1?selectedIssue=ONL-12",
     "jira://127.0.0.1:8101/ONL-12"),
    (f"{INTRANET}/browse/ONL-12", INTRANET_ONL_12),
    ("https://dc.example/JIRA/browse/ONL-12", INTRANET_ONL_12),
    (f"{INTRANET}/issues/ONL-12", INTRANET_ONL_12),
    (f"{INTRANET}/issues/?jql=&selectedIssue=ONL-12", INTRANET_ONL_12),
    (f"{INTRANET}/projects/ONL/issues/ONL-12", INTRANET_ONL_12),
    (f"{INTRANET}/projects/ONL/queues/custom/1/ONL-12", INTRANET_ONL_12),
    (f"{INTRANET}/servicedesk/customer/portal/3/ONL-12?created=true", INTRANET_ONL_12),
    (f"{INTRANET}/secure/RapidBoard.jspa?rapidView=1&view=detail&selectedIssue=ONL-12#x", INTRANET_ONL_12),
    ("https://dc.example/a/b/browse/ONL-12", "jira://dc.example/a/b/ONL-12"),
    (f"{HUB}/acme/stores/issues/1", STORES_1),
    ("https://www.github.com/Acme/Stores/issues/1/#issuecomment-3301", STORES_1),
    (f"{HUB}/acme/stores/issues/1?notification_referrer_id=x", STORES_1),
    (f"{HUB}/orgs/acme/projects/12?pane=issue&itemId=1&issue=acme%7Cstores%7C1", STORES_1),
    (f"{HUB}/orgs/acme/projects/12/views/3?sliceBy=x&pane=issue&itemId=1&issue=Acme%7CStores%7C1", STORES_1),
    (f"{HUB}/users/kim/projects/2?pane=issue&issue=acme|stores|1", STORES_1),
    (f"{HUB}/acme/web/issues/5?issue=acme%7Cstores%7C1", STORES_1),
    (f"{HUB}/issues/assigned?issue=acme%7Cstores%7C1", STORES_1),
    ("https://ghe.example:8443/orgs/shop/projects/1?pane=issue&issue=shop%7Ctill%7C5",
     "github://ghe.example:8443/shop/till#5"),
]  # fmt: skip
OTHER_PAGES = [
    "",
    "ONL-12",
    "browse/ONL-12",
    "ftp://acme.atlassian.net/browse/ONL-12",
    "javascript:/browse/ONL-12",
    f"{CLOUD}/browse/ONL",
    f"{CLOUD}/browse/ONL-12-backup",
    f"{CLOUD}/browse/ONL-0",
    f"{CLOUD}/wiki/spaces/ONL/pages/1/ONL-12",
    f"{CLOUD}/wiki/spaces/ONL?selectedIssue=ONL-12",
    f"{CLOUD}/wiki/browse/ONL-12",
    f"{CLOUD}/jira/software/c/projects/ONL/boards/1",
    f"{CLOUD}/jira/software/c/projects/ONL/boards/1?selectedIssue=",
    f"{SERVER}/projects/ONL/repos/web/ONL-12",
    "https://wiki.example/ONL-12",
    "https://wiki.example/?selectedIssue=ONL-12",
    "http://[::1/browse/ONL-12",
    f"{HUB}/acme/stores/pull/1",
    f"{HUB}/acme/stores/issues",
    f"{HUB}/acme/stores/issues/0",
    f"{HUB}/acme/stores/issues/new",
    f"{HUB}/acme/stores/discussions/1",
    f"{HUB}/orgs/acme/projects/12?pane=issue&itemId=1",
    f"{HUB}/orgs/acme/projects/12?issue=acme%7Cstores%7Cx",
    "https://api.github.com/repos/acme/stores/issues/1",
]


@pytest.mark.parametrize(
    ("ref", "home", "meant"),
    [
        ("jira:ONL-12", "acme.atlassian.net", ONL_12),
        ("jira:ONL-12", "github.com", ONL_12),
        ("jira:onl-12", "github.com", ONL_12),
        ("jira:bo-3", "acme.atlassian.net", "jira://intranet.example/jira/BO-3"),
        ("jira:BO-3", "github.com", "jira://intranet.example/jira/BO-3"),
        ("jira:TWICE-1", "intranet.example/jira", "jira://intranet.example/jira/TWICE-1"),
        ("jira:TWICE-1", "github.com", None),
        ("jira:twice-1", "github.com", None),
        ("jira:UTF-8", "acme.atlassian.net", None),
        ("jira:covid-19", "acme.atlassian.net", None),
        ("jira:NL-12", "acme.atlassian.net", None),
        ("github:acme/stores#7", "acme.atlassian.net", "github://github.com/acme/stores#7"),
        ("github:acme/other#7", "acme.atlassian.net", None),
        ("jira://dc.example/jira/ONL-1", "github.com", "jira://dc.example/jira/ONL-1"),
    ],
)
def test_a_bare_reference_finds_its_site(ref: str, home: str, meant: str | None) -> None:
    assert settle(ref, home, HELD) == meant


@pytest.mark.parametrize(
    ("ref", "meant"),
    [
        (ONL_12, Reference("jira", "acme.atlassian.net", "ONL", "12")),
        (INTRANET_ONL_12, Reference("jira", "dc.example/jira", "ONL", "12")),
        ("jira:BO_X-5", Reference("jira", None, "BO_X", "5")),
        (STORES_1, Reference("github", "github.com", "acme/stores", "1")),
        ("github://ghe.example/id/web#3", Reference("github", "ghe.example", "id/web", "3")),
        ("github:acme/my-web#3", Reference("github", None, "acme/my-web", "3")),
    ],
)
def test_a_reference_by_name_is_taken_apart_and_put_together(ref: str, meant: Reference) -> None:
    assert parse(ref) == meant
    assert str(meant) == ref
    assert meant.site is None or ref.startswith(meant.prefix)


@pytest.mark.parametrize(
    "ref",
    [
        "jira://acme.atlassian.net/id/10023",
        "github://github.com/id/I_kwDO-1",
        "github://github.com/acme/web/milestone/3",
        "gitlab:acme/web#1",
        "jira:",
        "",
    ],
)
def test_a_trackers_own_id_has_no_name_in_it(ref: str) -> None:
    assert parse(ref) is None


def test_what_links_may_call_an_item() -> None:
    assert Reference("jira", "acme.atlassian.net", "ONL", "12").spellings == ("jira:ONL-12", "jira:onl-12")
    assert Reference("github", "github.com", "acme/web", "1").spellings == ("github:acme/web#1",)


@pytest.mark.parametrize(
    ("ref", "is_sure"),
    [("jira:ONL-12", True), ("jira:covid-19", False), (ONL_12, True), ("github:acme/web#1", True)],
)
def test_a_key_in_lower_case_is_no_certain_reference(ref: str, is_sure: bool) -> None:
    assert is_certain(ref) is is_sure


@pytest.mark.parametrize(
    ("written", "location", "ref"),
    [
        ("ONL-12", JIRA, "jira:ONL-12"),
        ("onl-12", JIRA, "jira:onl-12"),
        ("Onl-12", GITHUB, "jira:onl-12"),
        ("#12", GITHUB, "github://github.com/acme/web#12"),
        ("#12", JIRA, None),
        ("GH-12", GITHUB, "github://github.com/acme/web#12"),
        ("gh-12", GITHUB, "github://github.com/acme/web#12"),
        ("GH-12", JIRA, "jira:GH-12"),
        ("Acme/Stores#7", JIRA, "github:acme/stores#7"),
    ],
)
def test_what_people_write_is_read_where_it_stands(
    written: str, location: TextLocation, ref: str | None
) -> None:
    match = re.fullmatch(WRITTEN, written, re.ASCII)
    assert match
    assert read_written(match, location) == ref


@pytest.mark.parametrize(("url", "ref"), PAGES)
def test_every_address_of_an_issue_leads_to_it(url: str, ref: str) -> None:
    assert page_reference(url) == ref


@pytest.mark.parametrize("url", OTHER_PAGES)
def test_another_page_is_no_issue(url: str) -> None:
    assert page_reference(url) is None


def test_a_pull_request_is_told_apart() -> None:
    assert is_pull_request(f"{HUB}/acme/web/pull/3/files")
    assert not is_pull_request(f"{HUB}/acme/web/issues/3")


@given(url=st.one_of(st.text(), st.text().map(lambda tail: f"https://dc.example/{tail}")))
def test_any_text_is_an_address_or_none(url: str) -> None:
    ref = page_reference(url)
    assert ref is None or parse(ref) is not None
