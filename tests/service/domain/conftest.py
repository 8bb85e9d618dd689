"""Small backlogs are placed in several steps too, and in some many are unsettled."""

from collections.abc import Iterator

import pytest

from service.domain.what_if import binding, standing


@pytest.fixture(autouse=True, scope="package")
def few_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "_AT_ONCE", 2)
        patch.setattr(binding, "_MANY", 15)
        yield
