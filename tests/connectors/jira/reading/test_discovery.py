"""Who we are, where, and which of a site's fields count; every choice is told."""

from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.jira.simulator import DEFAULT_FIELDS, Flavour, JiraSite, issue
from connectors.jira.simulator import fields as known
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)
GATEWAY = "/ex/jira/11111111-2222-3333-4444-555555555555"
POINTS_TOO = "customfield_20016"


def a_field(number: str, name: str, kind: str, custom: str = "x:y", **more: Any) -> dict[str, Any]:
    return {"id": number, "key": number, "name": name, "custom": True, "clauseNames": [name],
            "schema": {"type": kind, "custom": custom}, **more}  # fmt: skip


def with_two_estimates(flavour: Flavour) -> JiraSite:
    """Story Points twice, of which the project fills the second."""
    listed = [*DEFAULT_FIELDS, a_field(POINTS_TOO, "Story Points", "number")]
    issues = [issue(f"ONL-{one}", "Search", flavour, more={POINTS_TOO: one}) for one in range(1, 4)]
    issues[0]["fields"][known.STORY_POINTS] = 99
    return JiraSite(flavour, {"ONL": "Online"}, issues, fields=listed)


@both
async def test_of_two_fields_of_one_name_the_used_one_goes_first(reading: Reading, flavour: Flavour) -> None:
    site = with_two_estimates(flavour)
    async with reading(site, remote_links="never") as connector:
        found = await connector.probe()
        (page, *_) = await everything(connector)
    assert [item.estimate for item in page.items] == [1.0, 2.0, 3.0]
    assert found.fields["estimate"] == f"Story Points ({POINTS_TOO}), Story Points ({known.STORY_POINTS})"
    assert [one for one in found.notes if '"Story Points"' in one] == [
        f'2 fields answer to "Story Points"; {POINTS_TOO} goes first '
        f"(filled in the latest 3 issues: {POINTS_TOO} in 3, {known.STORY_POINTS} in 1)."
    ]


@both
async def test_a_mapped_name_that_two_fields_bear_is_the_used_one(reading: Reading, flavour: Flavour) -> None:
    site = with_two_estimates(flavour)
    async with reading(site, mapping={"fields": {"estimate": "story points"}}) as connector:
        assert (await connector.probe()).fields["estimate"].startswith(f"Story Points ({POINTS_TOO})")
    async with reading(site, mapping={"fields": {"estimate": known.STORY_POINTS}}) as connector:
        assert (await connector.probe()).fields["estimate"].startswith(f"Story Points ({known.STORY_POINTS})")


@both
async def test_a_projects_own_field_goes_before_the_sites(reading: Reading, flavour: Flavour) -> None:
    own: dict[str, Any] = {"scope": {"type": "PROJECT", "project": {"id": "10000"}}}
    theirs: dict[str, Any] = {"scope": {"type": "PROJECT", "project": {"id": "10001"}}}
    listed = [
        *DEFAULT_FIELDS,
        a_field("customfield_30001", "Start date", "date", **own),
        a_field("customfield_30002", "Start date", "date", **theirs),
    ]
    async with reading(site_of(flavour, fields=listed)) as connector:
        found = (await connector.probe()).fields["start"]
    assert found.split(", ")[1:] == ["Start date (customfield_30001)", f"Start date ({known.START_DATE})"]


@both
async def test_where_every_name_is_unique_nothing_is_asked(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    async with reading(site) as connector:
        await connector.probe()
    assert [path for _, path, _ in site.requests if "/search" in path] == []
    assert len(site.requests) == 4


@both
async def test_a_mapped_field_of_another_type_is_named(reading: Reading, flavour: Flavour) -> None:
    async with reading(site_of(flavour), mapping={"fields": {"due": "Sprint"}}) as connector:
        with pytest.raises(SourceError, match='"Sprint" holds array') as raised:
            await connector.probe()
    assert raised.value.reason == "mapping"


@both
async def test_a_mapped_field_that_vanishes_is_a_mapping_error_at_the_next_probe(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    async with reading(site, mapping={"fields": {"due": "Target end"}}) as connector:
        await connector.probe()
        site.fields = [one for one in site.fields if one["name"] != "Target end"]
        with pytest.raises(SourceError, match='"Target end"') as raised:
            await connector.probe()
    assert raised.value.reason == "mapping"


@both
async def test_what_a_host_lacks_is_said(reading: Reading, flavour: Flavour) -> None:
    plain = [one for one in DEFAULT_FIELDS if not one["custom"]]
    async with reading(
        site_of(flavour, fields=plain, account_timezone="UTC"), remote_links="never"
    ) as connector:
        found = await connector.probe()
        assert len(keys(await everything(connector))) == 3
    assert list(found.missing) == ["sprints", "the team's own order (rank)", "start dates"]


@pytest.mark.parametrize("auth", [{"email": "a@example.com", "token": "right"}, {"token": "right"}])
async def test_behind_atlassians_gateway_the_site_keeps_its_name(
    reading: Reading, auth: dict[str, str]
) -> None:
    site = site_of(
        "cloud",
        prefix=GATEWAY,
        url="https://acme.atlassian.net",
        is_scoped=True,
        email=auth.get("email"),
        token=auth["token"],
    )
    async with reading(site, path=GATEWAY, auth=auth) as connector:
        found = await connector.probe()
        (page,) = await everything(connector)
    assert (found.site, found.holds) == ("acme.atlassian.net", ("jira://acme.atlassian.net/ONL",))
    assert page.items[0].url == "https://acme.atlassian.net/browse/ONL-1"
    assert page.items[0].identity.startswith("jira://acme.atlassian.net/id/")


async def test_a_scoped_token_is_refused_at_the_sites_own_address(reading: Reading) -> None:
    auth = {"email": "a@example.com", "token": "right"}
    site = site_of("cloud", prefix=GATEWAY, is_scoped=True, email=auth.get("email"), token=auth["token"])
    async with reading(site, auth=auth) as connector:
        with pytest.raises(SourceError, match="Authentication failed") as raised:
            await connector.probe()
    assert raised.value.reason == "authentication"


async def test_a_site_below_a_context_path_is_named_with_it(reading: Reading) -> None:
    site = site_of("datacenter", prefix="/jira")
    async with reading(site, path="/jira") as connector:
        found = await connector.probe()
        (page,) = await everything(connector)
    assert found.site.endswith("/jira")
    assert page.items[0].url.endswith("/jira/browse/ONL-1")


@both
async def test_the_account_and_its_zone_are_asked_before_anything_is_read(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour)
    async with reading(site, remote_links="never") as connector:
        await everything(connector)
    paths = [path for _, path, _ in site.requests]
    first_search = next(at for at, path in enumerate(paths) if "/search" in path)
    assert any(path.endswith("/myself") for path in paths[:first_search])
