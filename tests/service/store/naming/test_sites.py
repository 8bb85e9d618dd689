"""What references mean, given where sources live and what they hold. Pure."""

from typing import Any

import orjson
import pytest

from service.store.naming.sites import Sites


def capabilities(site: str, *holds: str, **aliases: str) -> str:
    told = {f"jira://{site}/{old}": f"jira://{site}/{new}" for old, new in aliases.items()}
    return orjson.dumps({"site": site, "holds": holds, "aliases": told}).decode()


SITES = Sites.of(
    [
        ("onl", capabilities("a.example", "jira://a.example/ONL", OLD="ONL")),
        ("sto", capabilities("a.example", "jira://a.example/STO")),
        ("ops", capabilities("b.example/jira", "jira://b.example/jira/OPS", "jira://b.example/jira/STO")),
        ("web", capabilities("github.com", "github://github.com/acme/web")),
        ("server", capabilities("b.example", "github://b.example/acme/tills")),
        ("new", None),
    ]
)

MEANT = [
    ("jira:ONL-1", "onl", "jira://a.example/ONL-1"),
    ("jira:ONL-1", "web", "jira://a.example/ONL-1"),
    ("jira:STO-1", "onl", "jira://a.example/STO-1"),  # the text's own site first
    ("jira:STO-1", "ops", "jira://b.example/jira/STO-1"),
    ("jira:STO-1", "web", None),  # two have it
    ("jira:OLD-1", "web", "jira://a.example/OLD-1"),  # an older name
    ("jira:XYZ-1", "onl", "jira://a.example/XYZ-1"),  # nobody's, but perhaps moved from there
    ("jira:XYZ-1", "web", None),
    ("jira:XYZ-1", "new", None),
    ("jira:XYZ-1", "server", None),  # another tracker at the same host
    ("jira:xyz-1", "onl", None),
    ("jira:onl-1", "web", "jira://a.example/ONL-1"),
    ("github:acme/web#3", "onl", "github://github.com/acme/web#3"),
    ("github:acme/other#3", "web", "github://github.com/acme/other#3"),
    ("github:acme/other#3", "onl", None),
    ("jira://c.example/ONL-1", "onl", "jira://c.example/ONL-1"),
]


@pytest.mark.parametrize(("ref", "source", "meant"), MEANT)
def test_a_reference_means_what_its_own_site_has_before_what_others_have(
    ref: str, source: str, meant: str | None
) -> None:
    assert SITES.settle(ref, source) == meant


ASKED = [
    ("jira://a.example/ONL-1", "onl", True),
    ("jira://a.example/OLD-1", "onl", True),
    ("jira://a.example/STO-1", "sto", True),
    ("jira://b.example/jira/STO-1", "ops", True),
    ("jira://a.example/XYZ-1", "onl", False),
    ("jira://a.example/ONLY-1", "onl", False),
    ("jira://b.example/XYZ-1", None, False),  # its site has a context path
    ("github://github.com/acme/other#3", "web", False),
    ("jira://a.example/id/10001", None, False),
    ("jira:ONL-1", None, False),
]


@pytest.mark.parametrize(("ref", "source", "is_held"), ASKED)
def test_who_holds_a_name_or_else_lives_on_its_site_can_say_what_it_means(
    ref: str, source: str | None, is_held: bool
) -> None:
    assert SITES.asked_by(ref) == source
    assert SITES.is_held(ref) is is_held


def test_items_are_called_by_older_names_of_their_project_too() -> None:
    assert SITES.older_names("jira://a.example/ONL-7") == ["jira://a.example/OLD-7"]
    assert SITES.older_names("jira://a.example/STO-7") == []
    assert SITES.older_names("jira://a.example/id/7") == []


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
