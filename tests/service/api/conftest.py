"""Every test works on a copy of the shop of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.flow.context import Context
from tests.support import shop
from tests.support.asking import Api, asking


@pytest.fixture
async def context(filled: Path, tmp_path: Path) -> AsyncIterator[Context]:
    async with shop.opened(shop.copy(filled, tmp_path)) as found:
        yield found


@pytest.fixture
async def api(context: Context) -> AsyncIterator[Api]:
    async with asking(context) as found:
        yield found
