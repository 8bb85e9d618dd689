"""A source's filter: checked, run and counted at probe."""

import pytest
from pydantic import ValidationError

from connectors.contract import SourceError
from connectors.jira.jql_filter import JqlFilter, parse_filter
from connectors.jira.simulator import Fault, Flavour, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        (None, (None, False)),
        ("  ", (None, False)),
        (" priority = High ", ("priority = High", False)),
        ("priority = High ORDER BY rank", ("priority = High", True)),
        ("priority = High order  by\n created DESC, key", ("priority = High", True)),
        ("ORDER BY rank", (None, True)),
        ('summary ~ "ORDER BY rank"', ('summary ~ "ORDER BY rank"', False)),
        ("summary ~ 'order by rank' ORDER BY rank", ("summary ~ 'order by rank'", True)),
        (r'summary ~ "a \" ORDER BY b"', (r'summary ~ "a \" ORDER BY b"', False)),
        ("labels = reorder AND status = bypassed", ("labels = reorder AND status = bypassed", False)),
        ("(priority = High) OR (priority = Low)", ("(priority = High) OR (priority = Low)", False)),
        ("summary ~ ';' ", ("summary ~ ';'", False)),
        ('summary ~ ")"', ('summary ~ ")"', False)),
    ],
)
def test_an_order_is_dropped_and_quotes_are_heeded(
    written: str | None, parsed: tuple[str | None, bool]
) -> None:
    assert parse_filter(written) == JqlFilter(*parsed)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('summary ~ "open', "quote"),
        ("summary ~ 'open", "quote"),
        (r'summary ~ "open\"', "quote"),
        ("summary ~ \"it's\" AND summary ~ 'open", "quote"),
        ("(priority = High", "brackets"),
        ("priority = High)", "brackets"),
        ("priority = High) OR (priority = Low", "brackets"),
        ("labels in (a, (b)", "brackets"),
        ("priority = High;", ";"),
        ("priority = High ; ", ";"),
    ],
)
def test_what_no_jira_understands_is_refused_at_once(reading: Reading, written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_filter(written)


async def test_options_refuse_it_too(reading: Reading) -> None:
    with pytest.raises(ValidationError, match="brackets"):
        async with reading(site_of("cloud"), filter="(priority = High"):
            pass


@both
async def test_a_filter_with_an_order_is_read_without_it(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 3)
    async with reading(site, filter="key != ONL-2 ORDER BY Rank ASC", remote_links="never") as connector:
        notes = (await connector.probe()).notes
        assert keys(await everything(connector)) == ["ONL-1", "ONL-3"]
    assert "The filter's ORDER BY is dropped: attune reads by date." in notes
    assert "The filter selects 2 items." in notes


@both
@pytest.mark.parametrize(
    ("jql", "note"),
    [
        ("key = ONL-1", "The filter selects 1 item."),
        ("key = ONL-404", "The filter selects 0 items."),
        ("key = ONL-1 OR key = STO-1", "The filter selects 1 item."),
    ],
)
async def test_a_probe_says_how_many_it_selects(
    reading: Reading, flavour: Flavour, jql: str, note: str
) -> None:
    async with reading(site_of(flavour), filter=jql) as connector:
        assert note in (await connector.probe()).notes


@both
async def test_what_is_hidden_is_not_counted(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    site.put(issue("ONL-2", "Takeover", flavour, security="Board only"))
    async with reading(site, filter="key in (ONL-1, ONL-2)") as connector:
        assert "The filter selects 1 item." in (await connector.probe()).notes
    async with reading(site, filter="key in (ONL-1, ONL-2)", include_restricted=True) as connector:
        assert "The filter selects 2 items." in (await connector.probe()).notes


@both
@pytest.mark.parametrize("jql", ["colour = red", "priority =", "AND", "priority = High priority = Low"])
async def test_one_that_this_jira_does_not_understand_is_named_at_probe(
    reading: Reading, flavour: Flavour, jql: str
) -> None:
    async with reading(site_of(flavour), filter=jql) as connector:
        with pytest.raises(SourceError) as raised:
            await connector.probe()
    assert raised.value.reason == "mapping"
    assert f'The filter "{jql}" does not work' in str(raised.value)


@both
async def test_without_a_filter_nothing_is_counted(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    async with reading(site) as connector:
        assert not [note for note in (await connector.probe()).notes if "filter" in note]
    assert not [path for _, path, _ in site.requests if "search" in path]


async def test_a_site_without_counts_runs_it_all_the_same(reading: Reading) -> None:
    site = site_of("cloud")
    site.faults.append(Fault("status", 404, path="approximate-count", lasts=True))
    async with reading(site, filter="key = ONL-1") as connector:
        assert not [note for note in (await connector.probe()).notes if "selects" in note]
    assert [path for _, path, _ in site.requests if path.endswith("/search/jql")]
