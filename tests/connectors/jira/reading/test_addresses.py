"""A site that is talked to under another address than people use."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.jira import Options
from connectors.jira.reading.addresses import aliases_of, project_keys, site_name, site_of
from connectors.jira.simulator import Flavour
from tests.connectors.jira import helpers
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything

both = pytest.mark.parametrize("flavour", FLAVOURS)
INNER, PUBLIC = "http://10.0.0.5:8080", "https://jira.example.com"


@pytest.mark.parametrize(
    ("given", "base", "name", "browse"),
    [
        ({"url": INNER}, PUBLIC, "jira.example.com", f"{PUBLIC}/browse/"),
        ({"url": INNER}, f"{PUBLIC}/", "jira.example.com", f"{PUBLIC}/browse/"),
        ({"url": INNER}, "https://JIRA.example.com/Tracker", "jira.example.com/tracker",
         "https://JIRA.example.com/Tracker/browse/"),
        ({"url": INNER}, "https://jira.example.com:443", "jira.example.com",
         "https://jira.example.com:443/browse/"),
        ({"url": INNER, "public_url": "https://other.example"}, PUBLIC, "other.example",
         "https://other.example/browse/"),
        ({"url": INNER}, None, "10.0.0.5:8080", f"{INNER}/browse/"),
        ({"url": INNER}, "", "10.0.0.5:8080", f"{INNER}/browse/"),
        ({"url": INNER}, "jira.example.com", "10.0.0.5:8080", f"{INNER}/browse/"),
        ({"url": INNER}, 7, "10.0.0.5:8080", f"{INNER}/browse/"),
        ({"url": INNER}, "http://localhost:8080", "10.0.0.5:8080", f"{INNER}/browse/"),
        ({"url": "http://127.0.0.1:8101"}, "http://localhost:8080", "localhost:8080",
         "http://localhost:8080/browse/"),
        ({"url": "https://api.atlassian.com/ex/jira/ABC-1"}, "https://acme.atlassian.net",
         "acme.atlassian.net", "https://acme.atlassian.net/browse/"),
    ],
)  # fmt: skip
def test_the_public_address_names_a_site(
    options: Callable[..., Options], given: dict[str, str], base: Any, name: str, browse: str
) -> None:
    site = site_of(options(**given), {"baseUrl": base})
    assert (site.name, site.browse) == (name, browse)


def test_default_ports_are_not_said() -> None:
    assert site_name("https://jira.example:443/x") == "jira.example/x"
    assert site_name("http://jira.example:80") == "jira.example"
    assert site_name("http://jira.example:443") == "jira.example:443"


def test_both_addresses_and_former_keys_mean_the_same(options: Callable[..., Options]) -> None:
    given = options(url=INNER, project="ONL")
    keys = project_keys(given, {"key": "WEB", "projectKeys": ["WEB", "ONL", "SHOP"]})
    site = site_of(given, {"baseUrl": PUBLIC})
    present = "jira://jira.example.com/WEB"
    assert keys == ["WEB", "ONL", "SHOP"]
    assert aliases_of(site, given, keys) == {
        "jira://jira.example.com/ONL": present,
        "jira://jira.example.com/SHOP": present,
        "jira://10.0.0.5:8080/WEB": present,
        "jira://10.0.0.5:8080/ONL": present,
        "jira://10.0.0.5:8080/SHOP": present,
    }


def test_a_site_under_one_address_has_no_aliases(options: Callable[..., Options]) -> None:
    given = options(url=PUBLIC)
    assert aliases_of(site_of(given, {"baseUrl": PUBLIC}), given, ["ONL"]) == {}


@pytest.mark.parametrize("wrong", ["jira.example", "https://ada:pw@jira.example", "https://jira.example?x=1"])
def test_a_public_address_is_an_address(options: Callable[..., Options], wrong: str) -> None:
    with pytest.raises(ValidationError):
        options(public_url=wrong)


@both
@pytest.mark.parametrize("public", [None, "https://issues.example.com/jira/"])
async def test_references_and_links_are_of_the_public_address(
    reading: Reading, flavour: Flavour, public: str | None
) -> None:
    more = {"public_url": public} if public else {}
    async with reading(helpers.site_of(flavour, 1, url=PUBLIC), remote_links="never", **more) as connector:
        found = await connector.probe()
        (item,) = [one for page in await everything(connector) for one in page.items]
        talked_to = connector._options.url.removeprefix("http://")
    name, shown = ("issues.example.com/jira", public) if public else ("jira.example.com", f"{PUBLIC}/")
    assert found.site == name
    assert found.holds == (f"jira://{name}/ONL",)
    assert found.aliases == {f"jira://{talked_to}/ONL": f"jira://{name}/ONL"}
    assert item.identity == f"jira://{name}/id/{item.native_id}"
    assert (item.name, item.url) == (f"jira://{name}/ONL-1", f"{shown}browse/ONL-1")
