from typing import Any

import pytest

from service.cli.drafting.chosen.chosen_source import ChosenSource, UnclearChoice
from service.cli.drafting.chosen.init_options import InitOptions, wanted_of
from service.cli.drafting.chosen.source_names import keyed, product_name
from service.cli.drafting.chosen.tracker_addresses import GITHUB, github_repository, jira_site

ACME = "https://acme.atlassian.net"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("acme.atlassian.net", ACME),
        ("https://acme.atlassian.net/", ACME),
        ("https://acme.atlassian.net/browse/ONL-12", ACME),
        ("https://acme.atlassian.net/jira/software/c/projects/ONL/boards/1", ACME),
        ("https://intranet.example/jira/browse/ONL-1", "https://intranet.example/jira"),
        ("https://intranet.example/jira", "https://intranet.example/jira"),
        ("https://api.atlassian.com/ex/jira/1-2", "https://api.atlassian.com/ex/jira/1-2"),
    ],
)
def test_any_page_of_a_jira_tells_its_site(address: str, site: str) -> None:
    assert jira_site(address) == site


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("acme/stores", (GITHUB, "acme/stores")),
        ("https://github.com/acme/stores", (GITHUB, "acme/stores")),
        ("https://github.com/acme/stores.git", (GITHUB, "acme/stores")),
        ("https://github.com/acme/stores/issues/12", (GITHUB, "acme/stores")),
        ("https://git.acme.example/acme/stores", ("https://git.acme.example/api/v3", "acme/stores")),
        ("https://acme.ghe.com/acme/stores", ("https://api.acme.ghe.com", "acme/stores")),
    ],
)
def test_a_repository_tells_where_its_api_is(address: str, found: tuple[str, str]) -> None:
    assert github_repository(address, GITHUB) == found


PLANNED = {"repository": "acme/a", "project": "acme/1"}


def _given(**more: Any) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    return [(one.url, dict(one.reads), dict(one.auth)) for one in wanted_of(InitOptions(**more))]


def test_each_project_of_a_site_is_a_source_with_the_sites_credential() -> None:
    cloud = {"email": "JIRA_EMAIL", "token": "JIRA_TOKEN"}
    assert _given(jira=["acme.atlassian.net"], project=["onl", "STO", "ONL"]) == [
        (ACME, {"project": "ONL"}, cloud),
        (ACME, {"project": "STO"}, cloud),
    ]


@pytest.mark.parametrize(
    ("variables", "auth"),
    [
        ({}, {"token": "JIRA_TOKEN"}),
        ({"jira_token": ["PAT"]}, {"token": "PAT"}),
        ({"jira_email": ["MAIL"]}, {"email": "MAIL", "token": "JIRA_TOKEN"}),
        ({"jira_user": ["WHO"]}, {"username": "WHO", "password": "JIRA_PASSWORD"}),
        ({"jira_password": ["jira.acme.example=WORD"]}, {"username": "JIRA_USER", "password": "WORD"}),
        ({"jira_token": ["other.example=ELSE"]}, {"token": "JIRA_TOKEN"}),
        ({"jira_token": ["ALL", "jira.acme.example=OWN"]}, {"token": "OWN"}),
    ],
)
def test_the_variables_that_are_named_say_how_a_data_center_is_entered(
    variables: dict[str, list[str]], auth: dict[str, str]
) -> None:
    found = _given(jira=["https://jira.acme.example"], project=["ONL"], variables=variables)
    assert found == [("https://jira.acme.example", {"project": "ONL"}, auth)]


def test_of_several_sites_a_project_says_in_which_it_is_and_each_has_its_own_credential() -> None:
    found = _given(
        jira=["acme.atlassian.net", "https://jira.example/tracker"],
        project=["acme.atlassian.net/ONL", "jira.example/tracker/BO"],
    )
    assert [(reads["project"], auth["token"]) for _, reads, auth in found] == [
        ("ONL", "JIRA_TOKEN"),
        ("BO", "JIRA_2_TOKEN"),
    ]


@pytest.mark.parametrize(
    ("repositories", "projects", "reads"),
    [
        (["acme/a"], [], [{"repository": "acme/a"}]),
        (["acme/a"], ["acme/1"], [PLANNED]),
        (["acme/a", "acme/b"], ["a=acme/1"], [PLANNED, {"repository": "acme/b"}]),
        (["acme/a", "other/b"], ["acme/1"], [PLANNED, {"repository": "other/b"}]),
        (["acme/a"], ["other/1"], [{"repository": "acme/a"}, {"project": "other/1"}]),
        ([], ["acme/1"], [{"project": "acme/1"}]),
    ],
)  # fmt: skip
def test_a_project_goes_with_its_repository_or_alone(
    repositories: list[str], projects: list[str], reads: list[dict[str, str]]
) -> None:
    found = _given(github=repositories, github_project=projects)
    assert found == [(GITHUB, one, {"token": "GH_TOKEN"}) for one in reads]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"project": ["ONL"]}, "needs the --jira"),
        ({"jira": ["acme.atlassian.net"]}, "no --project for acme.atlassian.net"),
        ({"jira": ["a.example", "b.example"], "project": ["ONL"]}, "in which of a.example, b.example"),
        ({"jira": ["ftp://a.example"], "project": ["ONL"]}, "expected an address"),
        ({"jira": ["https://"], "project": ["ONL"]}, "expected an address"),
        ({"jira": ["https://me:hush@a.example"], "project": ["ONL"]}, "holds no credential"),
        ({"jira": ["a.example"], "project": ["O N L"]}, "project: expected one such as ONL"),
        ({"github": ["stores"]}, "repository: expected one such as acme/stores"),
        ({"github_project": ["acme"]}, "project: expected one such as acme/12"),
        ({"github": ["acme/a"], "github_project": ["acme/1", "acme/2"]}, "several Projects for acme/a"),
        ({"github": ["acme/a"], "variables": {"github_token": ["ghp_hush123"]}}, "expected the NAME"),
        ({"github": ["acme/a"], "github_url": "https://me:hush@a.example"}, "expected an address"),
    ],
)
def test_what_is_unclear_is_said_without_repeating_a_credential(more: dict[str, Any], words: str) -> None:
    with pytest.raises(UnclearChoice, match=words) as raised:
        wanted_of(InitOptions(**more))
    assert "hush" not in str(raised.value)


def _wanted(type_: str, place: str) -> ChosenSource:
    field = "repository" if type_ == "github" else "project"
    return ChosenSource(type_, "https://x.example", {field: place}, {})


def test_keys_are_made_of_names_and_each_is_there_once() -> None:
    wanted = [_wanted("jira", "STO"), _wanted("github", "acme/stores"), _wanted("github", "beta/stores")]
    found = keyed(wanted, ["Stores & tills", "Stores", "Stores"])
    assert [(one.key, one.team) for one in found] == [
        ("stores-tills-jira", "stores-tills"),
        ("stores-github", "stores"),
        ("stores-github-2", "stores-github"),
    ]


def test_a_name_without_latin_letters_leaves_the_key_to_the_place() -> None:
    assert [one.team for one in keyed([_wanted("jira", "ONL")], ["ショップ"])] == ["onl"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (ChosenSource("github", GITHUB, {"repository": "acme/stores"}, {}), "Acme"),
        (ChosenSource("jira", "https://acme.atlassian.net", {"project": "ONL"}, {}), "Acme"),
        (ChosenSource("jira", "http://10.0.0.1:8080", {"project": "ONL"}, {}), "Product"),
    ],
)
def test_the_product_is_guessed_to_be_called_after_the_organisation(wanted: ChosenSource, name: str) -> None:
    assert product_name([wanted]) == name
