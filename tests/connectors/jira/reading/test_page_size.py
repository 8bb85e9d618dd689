"""A host that fails above so many rows is read with fewer; one that is down costs two questions."""

import pytest

from connectors import transport
from connectors.contract import SourceError
from connectors.jira.reading.page_size import GROWS_AFTER, SMALLEST_PAGE, PageSize
from connectors.jira.simulator import Fault, Flavour, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, id_of, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)


@both
@pytest.mark.parametrize("most", [60, 13])
async def test_everything_is_read_in_smaller_pages(reading: Reading, flavour: Flavour, most: int) -> None:
    site = site_of(flavour, 150, most_rows=most)
    wanted = {f"ONL-{number}" for number in range(1, 151)}
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
        assert set(keys(pages)) == wanted
        assert len([one async for part in connector.identities() for one in part]) >= 150
        for number in range(1, 31):
            site.put(issue(f"ONL-{number}", "Renamed", flavour))
        delta = await everything(connector, pages[-1].checkpoint)
        assert set(keys(delta)) == {f"ONL-{number}" for number in range(1, 31)}
        page = await connector.read([id_of(site, key) for key in sorted(wanted)])
    assert {one.key for one in page.items} == wanted


@both
async def test_a_host_that_is_down_is_not_asked_for_every_size(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 3)
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        path = "/search/jql" if flavour == "cloud" else "/search"
        site.faults.append(Fault("status", 502, path=path, lasts=True))
        site.requests.clear()
        with pytest.raises(SourceError) as raised:
            await everything(connector)
    assert raised.value.reason == "unreachable"
    assert len([one for _, one, _ in site.requests if one.endswith(path)]) == 2 * transport.TRIES


async def test_pages_grow_again() -> None:
    size, bears = PageSize(100), 30

    async def question(rows: int) -> dict[str, int]:
        if rows > bears:
            raise SourceError("unreachable", "too much")
        return {"rows": rows}

    assert await size.ask(question) == {"rows": 25}
    bears = 1000
    for _ in range(2 * GROWS_AFTER):
        await size.ask(question)
    assert await size.ask(question) == {"rows": 100}


async def test_what_fails_at_the_smallest_page_fails() -> None:
    async def question(rows: int) -> dict[str, int]:
        if rows > 1:
            raise SourceError("unreachable", "too much")
        return {}

    size = PageSize(100)
    with pytest.raises(SourceError):
        await size.ask(question)
    assert size.rows == SMALLEST_PAGE
