"""The shop, filled once per session."""

import asyncio
import threading
from pathlib import Path

import pytest

from tests.support import shop


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    building = threading.Thread(target=lambda: asyncio.run(shop.build(folder)))
    building.start()
    building.join()
    return folder
