"""The shop, filled once per session; every test works on a copy of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.flow.context import Context
from tests.support import shop
from tests.support.asking import Api, asking


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    building = threading.Thread(target=lambda: asyncio.run(shop.build(folder)))
    building.start()
    building.join()
    return folder


@pytest.fixture
async def context(filled: Path, tmp_path: Path) -> AsyncIterator[Context]:
    async with shop.opened(shop.copy(filled, tmp_path)) as found:
        yield found


@pytest.fixture
async def api(context: Context) -> AsyncIterator[Api]:
    async with asking(context) as found:
        yield found
