"""Which site and project a reference means, of all that the product's sources hold."""

from typing import Any

import orjson
import pytest

from service.store.naming.sites import Sites

PUBLIC, INNER = "jira://jira.example.com", "jira://10.0.0.5:8080"


def said(site: str, *holds: str, **aliases: str) -> str:
    body: dict[str, Any] = {"site": site, "holds": holds, "aliases": aliases}
    return orjson.dumps(body).decode()


@pytest.mark.parametrize("source", ["onl", "gh"])
@pytest.mark.parametrize("ref", ["jira:ONL-12", "jira:OLD-12"])
def test_a_key_without_a_site_is_clear_although_its_site_has_two_addresses(source: str, ref: str) -> None:
    older = (f"{PUBLIC}/OLD", f"{INNER}/ONL", f"{INNER}/OLD")
    aliases = dict.fromkeys(older, f"{PUBLIC}/ONL")
    sites = Sites.of(
        [
            ("onl", said("jira.example.com", f"{PUBLIC}/ONL", **aliases)),
            ("gh", said("github.com", "github://github.com/acme/web")),
        ]
    )
    assert sites.settle(ref, source) == f"{PUBLIC}/{ref.partition(':')[2]}"


def test_either_address_is_held() -> None:
    sites = Sites.of(
        [("onl", said("jira.example.com", f"{PUBLIC}/ONL", **{f"{INNER}/ONL": f"{PUBLIC}/ONL"}))]
    )
    assert sites.is_held(f"{INNER}/ONL-12")
    assert sites.asked_by(f"{INNER}/ONL-12") == "onl"
    assert sites.older_names(f"{PUBLIC}/ONL-12") == [f"{INNER}/ONL-12"]
