"""What is kept of trackers' answers is read again as it was first read, by a process that knows no more."""

from collections.abc import Iterator
from datetime import date

import pytest

from config.check import setting
from config.product import Product, connector_kinds, load_product
from connectors.contract import Connector
from connectors.item import TrackerItem
from service.demo.demonstration import trackers
from service.demo.environment import PRODUCT_FILE


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with trackers(date(2026, 11, 24)) as environment:
        yield load_product(PRODUCT_FILE, environment)


def opened(product: Product, key: str) -> Connector:
    [options] = [one for one in product.sources if one.key == key]
    return connector_kinds()[options.type].connect(options, setting(product))


async def everything(connector: Connector) -> dict[str, TrackerItem]:
    return {item.native_id: item async for page in connector.pages(None) for item in page.items}


@pytest.mark.parametrize("number", range(4))
async def test_a_source_of_the_demonstration(product: Product, number: int) -> None:
    key = product.sources[number].key
    first, second = opened(product, key), opened(product, key)
    try:
        found = await everything(first)
        page = await second.reread({native_id: item.raw for native_id, item in found.items()})
    finally:
        await first.close()
        await second.close()
    assert len(found) > 40
    assert {item.native_id: item for item in page.items} == found
    assert not page.rejected
    assert {item.native_id: item.raw for item in page.items} == {one: item.raw for one, item in found.items()}
