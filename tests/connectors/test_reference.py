import pytest

from connectors.reference import settle

HELD = (
    "jira://acme.atlassian.net/ONL",
    "jira://intranet.example/jira/BO",
    "jira://acme.atlassian.net/TWICE",
    "jira://intranet.example/jira/TWICE",
    "github://github.com/acme/stores",
)


@pytest.mark.parametrize(
    ("ref", "home", "meant"),
    [
        ("jira:ONL-12", "acme.atlassian.net", "jira://acme.atlassian.net/ONL-12"),
        ("jira:ONL-12", "github.com", "jira://acme.atlassian.net/ONL-12"),
        ("jira:BO-3", "github.com", "jira://intranet.example/jira/BO-3"),
        ("jira:TWICE-1", "intranet.example/jira", "jira://intranet.example/jira/TWICE-1"),
        ("jira:TWICE-1", "github.com", None),
        ("jira:UTF-8", "acme.atlassian.net", None),
        ("jira:NL-12", "acme.atlassian.net", None),
        ("github:acme/stores#7", "acme.atlassian.net", "github://github.com/acme/stores#7"),
        ("github:acme/other#7", "acme.atlassian.net", None),
    ],
)
def test_a_bare_reference_finds_its_site(ref: str, home: str, meant: str | None) -> None:
    assert settle(ref, home, HELD) == meant
