"""Small backlogs are placed in several steps too."""

from collections.abc import Iterator

import pytest

from service.domain import standing


@pytest.fixture(autouse=True, scope="package")
def two_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "_AT_ONCE", 2)
        yield
